package io.farandole.verifier;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Positions and hashes of rows, without the rows: what a seal is made of and compared with. Used by one thread at a time. */
public final class RowHashes {

    private long[] positions = new long[256];
    private byte[] hashes = new byte[256 * Hash.LENGTH];
    private int count;
    private @Nullable MessageDigest digest;

    /** Adds a row behind the others. */
    public void add(StoredRow row) {
        MessageDigest own = digest == null ? Hash.sha256() : digest;
        digest = own;
        add(row.position(), row.hash(own), 0);
    }

    void add(long position, byte[] hash, int index) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            hashes = Arrays.copyOf(hashes, count * 2 * Hash.LENGTH);
        }
        positions[count] = position;
        System.arraycopy(hash, index * Hash.LENGTH, hashes, count * Hash.LENGTH, Hash.LENGTH);
        count++;
    }

    void add(RowHashes other, int index) {
        add(other.positions[index], other.hashes, index);
    }

    /** How many rows were added. */
    public int count() {
        return count;
    }

    long position(int index) {
        return positions[index];
    }

    /**
     * The next link of a chain, over these rows.
     *
     * @param context whose journal it is
     * @param before the seal before; null for the first
     * @param sealedAt the database's time
     * @throws IllegalStateException if there are no rows
     */
    public SealedBatch sealed(String context, @Nullable Seal before, Instant sealedAt) {
        if (count == 0) {
            throw new IllegalStateException("There is no seal over nothing");
        }
        long[] sealedPositions = Arrays.copyOf(positions, count);
        byte[] sealedHashes = Arrays.copyOf(hashes, count * Hash.LENGTH);
        return new SealedBatch(
                Seal.next(context, before, sealedPositions, sealedHashes, sealedAt), sealedPositions, sealedHashes);
    }

    /** Whether these are the rows of a seal: all of them, in order, as they were. */
    public boolean sameAs(SealedBatch batch) {
        return Arrays.equals(positions, 0, count, batch.positions(), 0, batch.positions().length)
                && Arrays.equals(hashes, 0, count * Hash.LENGTH, batch.rowHashes(), 0, batch.rowHashes().length);
    }

    boolean sameHash(int index, SealedBatch batch, int other) {
        return Arrays.equals(
                hashes,
                index * Hash.LENGTH,
                (index + 1) * Hash.LENGTH,
                batch.rowHashes(),
                other * Hash.LENGTH,
                (other + 1) * Hash.LENGTH);
    }

    /** The root over them; {@link Hash#NONE} if there are none. */
    Hash root() {
        return count == 0
                ? Hash.NONE
                : MerkleTree.root(Arrays.copyOf(positions, count), Arrays.copyOf(hashes, count * Hash.LENGTH));
    }
}
