package io.farandole.audit.seal;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * Where checkpoints are kept: outside of the database, and where those who administer the database cannot write. All instances
 * of a context use the same one. Append-only: nothing is ever replaced. Called by one thread of each instance.
 */
public interface CheckpointStore {

    /**
     * Stores a checkpoint durably. Does nothing if the same one is there already.
     *
     * @throws IOException if it could not be stored, or another one of this number is there; then that one stays
     */
    void store(long number, String content) throws IOException;

    /**
     * The number of the newest one; empty if there is none.
     *
     * @throws IOException if that cannot be told
     */
    OptionalLong newest() throws IOException;
}
