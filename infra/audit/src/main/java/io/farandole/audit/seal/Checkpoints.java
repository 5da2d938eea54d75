package io.farandole.audit.seal;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.Hash;
import io.farandole.verifier.Seal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints and stores them outside. One is made in the database first, by the one that seals, and so has one content
 * for all; then it is stored, and only then noted as stored. Whatever fails in between is done again. Used by one thread.
 */
public final class Checkpoints {

    private static final int AT_ONCE = 100;

    private final CheckpointSigner signer;
    private final CheckpointStore store;

    /** Checkpoints that this key signs, in that store. */
    public Checkpoints(CheckpointSigner signer, CheckpointStore store) {
        this.signer = signer;
        this.store = store;
    }

    /**
     * Makes the next one, if there is something new and the last one is old enough. Joins a transaction that may seal.
     *
     * @return whether it did
     */
    boolean make(Connection connection, Seal seal, Instant now, Duration every) throws SQLException {
        SealStatements.Kept kept = SealStatements.newestCheckpoint(connection);
        Checkpoint last = kept == null ? null : kept.parsed();
        if (last != null
                && (last.seal() >= seal.number() || now.isBefore(last.time().plus(every)))) {
            return false;
        }
        Checkpoint unsigned = new Checkpoint(
                seal.context(),
                last == null ? 1 : last.number() + 1,
                seal.number(),
                seal.upTo(),
                seal.total(),
                seal.hash(),
                last == null ? Hash.NONE : last.textHash(),
                now.truncatedTo(ChronoUnit.MICROS),
                "");
        SealStatements.append(connection, signer.sign(unsigned));
        return true;
    }

    /** Stores what is not stored yet, oldest first; each is noted by itself. Not within a transaction. */
    Stored store(Connection connection) throws SQLException {
        String problem = null;
        List<SealStatements.Kept> unstored = SealStatements.unstored(connection, AT_ONCE);
        try {
            SealStatements.Kept stored = SealStatements.newestStored(connection);
            problem = stored == null ? null : missing(stored.number());
            for (SealStatements.Kept each : unstored) {
                store.store(each.number(), each.content());
                SealStatements.stored(connection, each.number());
            }
        } catch (IOException e) {
            problem = "Checkpoints cannot be stored in " + store + " (" + e
                    + "). They are kept in the database and stored once it works again";
        }
        SealStatements.Kept newest = SealStatements.newestStored(connection);
        SealStatements.Kept made = SealStatements.newestCheckpoint(connection);
        return new Stored(
                made == null ? 0 : made.number(),
                newest == null ? 0 : newest.parsed().position(),
                SealStatements.countUnstored(connection),
                problem);
    }

    /** Somebody removed what was stored: said, and not made good silently. */
    private @Nullable String missing(long stored) throws IOException {
        long newest = store.newest().orElse(0);
        return newest >= stored
                ? null
                : "Checkpoint " + stored + " was stored in " + store + ", and the newest one there is " + newest
                        + ": put back what was removed, from where the directory is backed up, or from"
                        + " farandole.checkpoint (content) once the journal is verified";
    }

    /** What became of it. */
    record Stored(long made, long position, long unstored, @Nullable String problem) {}
}
