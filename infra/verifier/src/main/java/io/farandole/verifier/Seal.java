package io.farandole.verifier;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A link of the chain: which positions of a stretch of the journal hold rows, and which rows those are.
 *
 * @param number 1, 2, 3, ...
 * @param context whose journal it is
 * @param form the {@link StoredRow#FORM} of its rows
 * @param after the stretch begins behind this position
 * @param upTo the position of its last row. What is missing between the two is missing for ever
 * @param rows how many rows there are in the stretch; 1 or more
 * @param total how many rows there are from the beginning of the journal up to here
 * @param sealedAt when it was made, by the database's clock, in microseconds
 * @param root over the rows; see {@link MerkleTree}
 * @param previous the hash of the seal before; {@link Hash#NONE} for the first
 * @param hash over all of the above
 */
public record Seal(
        long number,
        String context,
        int form,
        long after,
        long upTo,
        int rows,
        long total,
        Instant sealedAt,
        Hash root,
        Hash previous,
        Hash hash) {

    private static final int PARTS = 12;
    private static final byte[] DOMAIN = "farandole.seal.v1\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * The seal over the next rows.
     *
     * @param context whose journal it is
     * @param before the seal before; null for the first
     * @param positions where the rows are, in order; at least one
     * @param rowHashes their hashes, 32 bytes each
     * @param sealedAt the database's time
     */
    static Seal next(String context, @Nullable Seal before, long[] positions, byte[] rowHashes, Instant sealedAt) {
        Hash root = MerkleTree.root(positions, rowHashes);
        Seal unsealed = new Seal(
                before == null ? 1 : before.number + 1,
                context,
                StoredRow.FORM,
                before == null ? 0 : before.upTo,
                positions[positions.length - 1],
                positions.length,
                (before == null ? 0 : before.total) + positions.length,
                sealedAt.truncatedTo(ChronoUnit.MICROS),
                root,
                before == null ? Hash.NONE : before.hash,
                Hash.NONE);
        return unsealed.with(unsealed.computedHash());
    }

    private Seal with(Hash newHash) {
        return new Seal(number, context, form, after, upTo, rows, total, sealedAt, root, previous, newHash);
    }

    /** Whether its hash is the hash of what it says. */
    public boolean genuine() {
        return hash.equals(computedHash());
    }

    /** Whether it continues the chain after another seal. */
    public boolean follows(Seal before) {
        return number == before.number + 1
                && context.equals(before.context)
                && after == before.upTo
                && total == before.total + rows
                && previous.equals(before.hash);
    }

    /** Whether it begins a chain. */
    boolean isFirst() {
        return number == 1 && after == 0 && total == rows && previous.equals(Hash.NONE);
    }

    /** All of it on one line, to be kept beside rows that were handed out. */
    public String text() {
        return "farandole seal 1; " + context + "; " + number + "; " + form + "; " + after + "; " + upTo + "; " + rows
                + "; " + total + "; " + sealedAt + "; " + root + "; " + previous + "; " + hash;
    }

    /**
     * Reads the line of a seal; whether it is {@link #genuine} is another question.
     *
     * @throws IllegalArgumentException if it is damaged, or of a version that this program does not know
     */
    public static Seal parse(String text) {
        String[] parts = text.split("; ", -1);
        if (parts.length != PARTS || !parts[0].equals("farandole seal 1")) {
            throw new IllegalArgumentException("This is not a seal of version 1, or it is damaged");
        }
        try {
            return new Seal(
                    Long.parseLong(parts[2]),
                    parts[1],
                    Integer.parseInt(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Integer.parseInt(parts[6]),
                    Long.parseLong(parts[7]),
                    Instant.parse(parts[8]),
                    Hash.parse(parts[9]),
                    Hash.parse(parts[10]),
                    Hash.parse(parts[11]));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new IllegalArgumentException("This seal is damaged", e);
        }
    }

    private Hash computedHash() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (DataOutputStream data = new DataOutputStream(out)) {
            byte[] name = context.getBytes(StandardCharsets.UTF_8);
            data.write(DOMAIN);
            data.writeLong(number);
            data.writeInt(name.length);
            data.write(name);
            data.writeInt(form);
            data.writeLong(after);
            data.writeLong(upTo);
            data.writeInt(rows);
            data.writeLong(total);
            data.writeLong(StoredRow.micros(sealedAt));
            data.write(root.shared());
            data.write(previous.shared());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Hash.over(out.toByteArray());
    }
}
