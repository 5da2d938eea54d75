package io.farandole.audit.export;

import io.farandole.verifier.Hash;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.Seal;
import io.farandole.verifier.bundle.BundleNames;
import io.farandole.verifier.bundle.BundleProofs;
import io.farandole.verifier.bundle.BundleSignature;
import io.farandole.verifier.bundle.BundledFile;
import io.farandole.verifier.bundle.BundledRow;
import io.farandole.verifier.bundle.PartManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A part on its way to whoever asked. Each line begins with a word that says what it is: {@code events} and how many there will be;
 * {@code event}, {@code proof}: a line of the two files; {@code manifest}: a line of that; {@code signature}: a line of that; and
 * {@code end}, without which something is missing. Some hundred rows are in memory at a time, beside eight bytes for each one of the
 * part; no connection is held while nobody reads. Used by one thread.
 */
final class PartStream extends InputStream {

    private static final int ROWS = 200;
    private static final int SEALS = 500;

    private final DataSource dataSource;
    private final ExportRequest request;
    private final PartManifest begun;
    private final UnaryOperator<BundledRow> masking;
    private final UnaryOperator<BundleSignature> signer;
    private final long[] positions;

    private final ExportedRows rows = new ExportedRows();
    private final TreeSet<Long> seals = new TreeSet<>();
    private final Written events;
    private final Written proofs;

    private final ByteArrayOutputStream next = new ByteArrayOutputStream(1 << 16);
    private byte[] chunk = new byte[0];
    private int at;
    private int read;
    private long redacted;
    private long provenUpTo;
    private @Nullable Instant firstTime;
    private @Nullable Instant lastTime;
    private boolean ended;

    /**
     * Of rows that are known to be there.
     *
     * @param begun what is known of the part before it is read
     */
    PartStream(
            DataSource dataSource,
            ExportRequest request,
            PartManifest begun,
            long[] positions,
            UnaryOperator<BundledRow> masking,
            UnaryOperator<BundleSignature> signer) {
        this.dataSource = dataSource;
        this.request = request;
        this.begun = begun;
        this.positions = positions;
        this.masking = masking;
        this.signer = signer;
        this.events = new Written(BundleNames.events(begun.context()));
        this.proofs = new Written(BundleNames.proofs(begun.context()));
        line("events", Integer.toString(positions.length));
    }

    /** A file of the part, as it has been told so far. */
    private static final class Written {

        private final String name;
        private final MessageDigest digest;
        private long size;

        Written(String name) {
            this.name = name;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256; this one says otherwise", e);
            }
        }

        void add(byte[] line) {
            digest.update(line);
            digest.update((byte) '\n');
            size += line.length + 1;
        }

        BundledFile file() {
            return new BundledFile(name, size, Hash.of(digest.digest()));
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (at == chunk.length) {
            if (ended && next.size() == 0) {
                return false;
            }
            if (next.size() == 0) {
                try (Connection connection = dataSource.getConnection()) {
                    more(connection);
                } catch (SQLException e) {
                    throw new IOException("The export " + request.exportId() + " could not be read any further", e);
                }
            }
            chunk = next.toByteArray();
            at = 0;
            next.reset();
        }
        return true;
    }

    private void more(Connection connection) throws SQLException {
        if (read < positions.length) {
            rows(connection);
        } else if (!seals.isEmpty()) {
            proofs(connection, seals.first());
        } else {
            end();
        }
    }

    private void rows(Connection connection) throws SQLException {
        int upTo = Math.min(positions.length, read + ROWS);
        List<BundledRow> some = rows.rows(connection, Arrays.copyOfRange(positions, read, upTo));
        if (some.size() != upTo - read) {
            throw new SQLException("Rows of the journal vanished while they were read: verify the journal");
        }
        read = upTo;
        for (BundledRow row : some) {
            BundledRow told = masking.apply(row);
            redacted += told.redacted().isEmpty() ? 0 : 1;
            if (row.proof() != null) {
                seals.add(row.proof().seal());
            }
            if (row.value(RowColumn.OCCURRED_AT) instanceof Instant time) {
                firstTime = firstTime == null ? time : firstTime;
                lastTime = time;
            }
            line(events, "event", told.line());
        }
    }

    /** The chain from a seal to the checkpoint that covers it, as far as it was not told yet. */
    private void proofs(Connection connection, long first) throws SQLException {
        ExportedRows.Kept checkpoint = ExportedRows.checkpoint(connection, first);
        long from = Math.max(first, provenUpTo + 1);
        long last = checkpoint == null ? first : checkpoint.seal();
        long upTo = Math.min(last, from + SEALS - 1);
        for (Seal seal : ExportedRows.seals(connection, from, upTo)) {
            line(proofs, "proof", BundleProofs.line(seal));
        }
        provenUpTo = Math.max(provenUpTo, upTo);
        if (upTo < last) {
            return;
        }
        if (checkpoint != null) {
            line(proofs, "proof", BundleProofs.checkpointLine(checkpoint.content()));
        }
        seals.headSet(last, true).clear();
    }

    private void end() {
        PartManifest manifest = new PartManifest(
                begun.export(),
                begun.context(),
                begun.by(),
                begun.at(),
                begun.reason(),
                begun.processes(),
                begun.contexts(),
                begun.maskedFields(),
                positions.length,
                redacted,
                positions.length == 0 ? 0 : positions[0],
                positions.length == 0 ? 0 : positions[positions.length - 1],
                firstTime,
                lastTime,
                begun.sealedUpTo(),
                List.of(events.file(), proofs.file()));
        String json = manifest.json();
        BundleSignature signature = signer.apply(new BundleSignature(
                BundleSignature.Kind.PART,
                begun.context(),
                begun.export(),
                begun.by(),
                begun.at(),
                sha256(json.getBytes(StandardCharsets.UTF_8)),
                ""));
        json.lines().forEach(each -> line("manifest", each));
        signature.text().lines().forEach(each -> line("signature", each));
        line("end", begun.export());
        ended = true;
    }

    static Hash sha256(byte[] bytes) {
        Written digest = new Written("");
        digest.digest.update(bytes);
        return digest.file().sha256();
    }

    private void line(Written file, String word, String line) {
        file.add(line.getBytes(StandardCharsets.UTF_8));
        line(word, line);
    }

    private void line(String word, String line) {
        next.writeBytes((word + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
