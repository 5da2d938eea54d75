package io.farandole.verifier;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The tree over the rows of a seal, as RFC 6962 builds it (leaves and nodes hashed apart, an uneven rest goes up), so that a
 * single row can be proven to belong to a seal with a few hashes. A leaf is a row's position and its hash.
 *
 * <p>Stateless.
 */
final class MerkleTree {

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    static byte[] leaf(MessageDigest digest, long position, byte[] rowHashes, int index) {
        digest.update(LEAF);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(position).array());
        digest.update(rowHashes, index * Hash.LENGTH, Hash.LENGTH);
        return digest.digest();
    }

    private static byte[] node(MessageDigest digest, byte[] left, byte[] right) {
        digest.update(NODE);
        digest.update(left);
        digest.update(right);
        return digest.digest();
    }

    /** The root over rows, of which there is at least one. */
    static Hash root(long[] positions, byte[] rowHashes) {
        return Hash.of(top(positions, rowHashes, 0, positions.length, Hash.sha256()));
    }

    private static byte[] top(long[] positions, byte[] rowHashes, int from, int to, MessageDigest digest) {
        if (to - from == 1) {
            return leaf(digest, positions[from], rowHashes, from);
        }
        int middle = from + half(to - from);
        byte[] left = top(positions, rowHashes, from, middle, digest);
        byte[] right = top(positions, rowHashes, middle, to, digest);
        return node(digest, left, right);
    }

    /** The largest power of two below a number. */
    private static int half(int size) {
        return Integer.highestOneBit(size - 1);
    }

    /** What proves that a row is in the tree: the neighbours on the way up, lowest first. */
    static List<Hash> path(long[] positions, byte[] rowHashes, int index) {
        List<Hash> path = new ArrayList<>();
        MessageDigest digest = Hash.sha256();
        int from = 0;
        int to = positions.length;
        while (to - from > 1) {
            int middle = from + half(to - from);
            if (index < middle) {
                path.add(0, Hash.of(top(positions, rowHashes, middle, to, digest)));
                to = middle;
            } else {
                path.add(0, Hash.of(top(positions, rowHashes, from, middle, digest)));
                from = middle;
            }
        }
        return path;
    }

    /** The root that a path leads to; {@link Hash#NONE} if the path does not fit the tree. */
    static Hash rootFrom(long position, Hash rowHash, int index, int size, List<Hash> path) {
        List<Boolean> rights = new ArrayList<>();
        int from = 0;
        int to = size;
        while (to - from > 1) {
            int middle = from + half(to - from);
            boolean left = index < middle;
            rights.add(0, !left);
            if (left) {
                to = middle;
            } else {
                from = middle;
            }
        }
        if (index < 0 || index >= size || rights.size() != path.size()) {
            return Hash.NONE;
        }
        MessageDigest digest = Hash.sha256();
        byte[] hash = leaf(digest, position, rowHash.shared(), 0);
        for (int i = 0; i < path.size(); i++) {
            byte[] neighbour = path.get(i).shared();
            hash = rights.get(i) ? node(digest, neighbour, hash) : node(digest, hash, neighbour);
        }
        return Hash.of(hash);
    }
}
