package io.farandole.verifier;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A seal with the position and the hash of each of its rows, by which a fault is located. Both are covered by the seal's
 * root. Not to be changed.
 *
 * @param seal the link of the chain
 * @param positions of its rows, in order
 * @param rowHashes their hashes, 32 bytes each
 */
@SuppressWarnings("ArrayRecordComponent") // two arrays are a hundred times smaller than a list of rows
public record SealedBatch(Seal seal, long[] positions, byte[] rowHashes) {

    /** Whether it says the same of its rows as the seal's root. */
    boolean genuine() {
        return positions.length > 0
                && rowHashes.length == positions.length * Hash.LENGTH
                && seal.root().equals(MerkleTree.root(positions, rowHashes));
    }

    /** The distances between positions, 7 bits to a byte, least first: one byte per row, as a rule. */
    public static byte[] packed(long after, long[] positions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(positions.length + 8);
        long previous = after;
        for (long position : positions) {
            long distance = position - previous;
            while (distance >= 128) {
                out.write((int) ((distance & 127) | 128));
                distance >>>= 7;
            }
            out.write((int) distance);
            previous = position;
        }
        return out.toByteArray();
    }

    /** The reverse; as many as there are, whatever the seal says. */
    static long[] unpacked(long after, byte[] packed) {
        long[] positions = new long[packed.length];
        int count = 0;
        long position = after;
        long distance = 0;
        int shift = 0;
        for (byte part : packed) {
            distance |= (part & 127L) << shift;
            shift = Math.min(shift + 7, 63);
            if (part >= 0) {
                position += distance;
                positions[count++] = position;
                distance = 0;
                shift = 0;
            }
        }
        return Arrays.copyOf(positions, count);
    }

    /** What proves that the row at a position was sealed; null if this batch has no row there. */
    public @Nullable InclusionProof proof(long position) {
        int index = Arrays.binarySearch(positions, position);
        return index < 0
                ? null
                : new InclusionProof(
                        seal.number(), index, positions.length, MerkleTree.path(positions, rowHashes, index));
    }
}
