package io.farandole.verifier;

import java.util.List;

/**
 * Proves that a row was sealed, without the other rows of the seal. For whoever hands out a part of the history.
 *
 * @param seal the number of the seal
 * @param index which of the seal's rows it is, from 0
 * @param size how many rows the seal has
 * @param path the neighbours' hashes on the way to the seal's root, lowest first
 */
public record InclusionProof(long seal, int index, int size, List<Hash> path) {

    public InclusionProof {
        path = List.copyOf(path);
    }

    /** Whether a row, as it is, was sealed by a seal. Whether the seal is genuine is to be asked of a {@link Checkpoint}. */
    public boolean proves(StoredRow row, Seal by) {
        return proves(row.position(), row.hash(), by);
    }

    /** Whether a row of this hash was sealed there, for a row whose content is not all known. */
    public boolean proves(long position, Hash rowHash, Seal by) {
        return by.number() == seal
                && by.rows() == size
                && by.genuine()
                && MerkleTree.rootFrom(position, rowHash, index, size, path).equals(by.root());
    }
}
