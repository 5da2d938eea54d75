package io.farandole.audit.export;

import io.farandole.verifier.InclusionProof;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.Seal;
import io.farandole.verifier.SealedBatch;
import io.farandole.verifier.SealedJournal;
import io.farandole.verifier.StoredRow;
import io.farandole.verifier.bundle.BundledRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what an export hands out, on a connection given by the caller. Keeps one seal. Used by one thread at a time. */
final class ExportedRows {

    private static final RowColumn[] COLUMNS = RowColumn.values();

    private static final String POSITIONS =
            "select position from farandole.journal where process_key = any (?)" + " order by position limit ?";

    private static final String ROWS = "select "
            + Arrays.stream(COLUMNS).map(RowColumn::columnName).collect(Collectors.joining(", "))
            + " from farandole.journal where position = any (?) order by position";

    private static final String CHECKPOINT =
            "select seal_number, content from farandole.checkpoint" + " where seal_number >= ? order by number limit 1";

    private @Nullable SealedBatch batch;

    /** A checkpoint as the database keeps it. */
    record Kept(long seal, String content) {}

    static long[] positions(Connection connection, List<String> processes, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POSITIONS)) {
            statement.setArray(1, connection.createArrayOf("text", processes.toArray()));
            statement.setInt(2, most);
            long[] positions = new long[256];
            int count = 0;
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    if (count == positions.length) {
                        positions = Arrays.copyOf(positions, count * 2);
                    }
                    positions[count++] = result.getLong(1);
                }
            }
            return Arrays.copyOf(positions, count);
        }
    }

    /** The rows at some positions, each with what proves it. */
    List<BundledRow> rows(Connection connection, long[] positions) throws SQLException {
        List<StoredRow> stored = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", Arrays.stream(positions).boxed().toArray()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    stored.add(row(result));
                }
            }
        }
        List<BundledRow> rows = new ArrayList<>();
        for (StoredRow row : stored) {
            rows.add(BundledRow.of(row, proof(connection, row.position())));
        }
        return rows;
    }

    private static StoredRow row(ResultSet result) throws SQLException {
        Map<RowColumn, Object> values = new EnumMap<>(RowColumn.class);
        for (int i = 0; i < COLUMNS.length; i++) {
            Object value =
                    switch (COLUMNS[i]) {
                        case OCCURRED_AT, RECORDED_AT ->
                            result.getObject(i + 1, OffsetDateTime.class).toInstant();
                        default -> result.getObject(i + 1);
                    };
            if (value != null) {
                values.put(COLUMNS[i], value);
            }
        }
        return StoredRow.of(values);
    }

    private @Nullable InclusionProof proof(Connection connection, long position) throws SQLException {
        SealedBatch kept = batch;
        if (kept == null
                || position <= kept.seal().after()
                || position > kept.seal().upTo()) {
            kept = new SealedJournal(connection).sealed(position);
            batch = kept;
        }
        return kept == null ? null : kept.proof(position);
    }

    /** The first checkpoint that covers a seal; null if there is none yet. */
    static @Nullable Kept checkpoint(Connection connection, long seal) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHECKPOINT)) {
            statement.setLong(1, seal);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? new Kept(result.getLong(1), result.getString(2)) : null;
            }
        }
    }

    static List<Seal> seals(Connection connection, long first, long last) throws SQLException {
        return new SealedJournal(connection).seals(first, last);
    }

    static @Nullable Seal lastSeal(Connection connection) throws SQLException {
        return new SealedJournal(connection).lastSeal();
    }
}
