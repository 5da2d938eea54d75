package io.farandole.verifier;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads a journal and its seals: the tables {@code farandole.journal}, {@code .seal} and {@code .checkpoint}, and nothing
 * else. The right to read these suffices, and a replica or a restored backup will do. Used by one thread at a time, as its
 * connection is, which the caller closes.
 */
public final class SealedJournal {

    private static final String SEAL = "number, context, form, after_position, upto_position, row_count, total_rows,"
            + " sealed_at, root, previous, hash";

    /** By the length of what is stored, which no edit of a count can belie: 4 MB are 125,000 rows. */
    private static final String BATCHES = "select " + SEAL + ", case when wanted then positions end,"
            + " case when wanted then row_hashes end"
            + " from (select s.*, sum(case when wanted then octet_length(row_hashes) else 0 end) over (order by number)"
            + " - case when wanted then octet_length(row_hashes) else 0 end as bytes_before"
            + " from (select f.*, f.upto_position >= ? and f.after_position < ? as wanted from farandole.seal f"
            + " where number > ? order by number limit 2000) s) t where bytes_before < 4000000 order by number";

    private static final String LAST = "select " + SEAL + " from farandole.seal order by number desc limit 1";

    private static final String AT = "select " + SEAL + ", positions, row_hashes from farandole.seal"
            + " where upto_position >= ? and after_position < ? order by number limit 1";

    private static final String CHAIN =
            "select " + SEAL + " from farandole.seal where number between ? and ? order by number";

    private static final String UNSEALED = "select count(*) from farandole.journal where position > ?";

    private static final String NEWEST_STORED =
            "select coalesce(max(number), 0) from farandole.checkpoint where stored_at is not null";

    private final Connection connection;

    /** On a connection to the context's database. */
    public SealedJournal(Connection connection) {
        this.connection = connection;
    }

    /** The newest seal; null if nothing is sealed. */
    public @Nullable Seal lastSeal() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? seal(result) : null;
        }
    }

    /** The seal that covers a position, with what proves its rows; null if that is not sealed. */
    public @Nullable SealedBatch sealed(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AT)) {
            statement.setLong(1, position);
            statement.setLong(2, position);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? batch(result) : null;
            }
        }
    }

    /** The next seals, as many as are good to keep at once; without what they say of their rows if these are out of range. */
    List<SealedBatch> next(long afterNumber, Range range) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BATCHES)) {
            statement.setLong(1, range.from());
            statement.setLong(2, range.to());
            statement.setLong(3, afterNumber);
            List<SealedBatch> batches = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    batches.add(batch(result));
                }
            }
            return batches;
        }
    }

    /**
     * Reads rows in order, as they come from the server, without keeping any.
     *
     * @param after behind this position
     * @param upTo the last position
     * @param limit at most so many
     */
    public void rows(long after, long upTo, int limit, RowConsumer consumer) throws SQLException {
        String sql = "copy (select " + RowColumn.names() + " from farandole.journal where position > " + after
                + " and position <= " + upTo + " order by position limit " + limit + ") to stdout (format binary)";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            CopiedRows rows = new CopiedRows(consumer);
            byte[] message = copy.readFromCopy();
            while (message != null) {
                rows.accept(message);
                message = copy.readFromCopy();
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** The row at a position, as it is stored; null if there is none. */
    public @Nullable StoredRow row(long position) throws SQLException {
        StoredRow[] found = new StoredRow[1];
        rows(position - 1, position, 1, row -> found[0] = row);
        return found[0];
    }

    /**
     * Some of the chain, in order.
     *
     * @param first the number of the first seal
     * @param last the number of the last one
     */
    public List<Seal> seals(long first, long last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHAIN)) {
            statement.setLong(1, first);
            statement.setLong(2, last);
            List<Seal> seals = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    seals.add(seal(result));
                }
            }
            return seals;
        }
    }

    /** How many rows there are behind the last seal. */
    long unsealed(long after) throws SQLException {
        return number(UNSEALED, after);
    }

    /** The newest checkpoint that the database believes to be stored outside; 0 if there is none. */
    long newestStoredCheckpoint() throws SQLException {
        return number(NEWEST_STORED, null);
    }

    /** The positions from the first event that occurred at a time or later to the last one that did at another or earlier. */
    Range between(OffsetDateTime since, OffsetDateTime until) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select coalesce(min(position), 1),"
                + " coalesce(max(position), 0) from farandole.journal where occurred_at >= ? and occurred_at <= ?")) {
            statement.setObject(1, since);
            statement.setObject(2, until);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return new Range(result.getLong(1), result.getLong(2));
            }
        }
    }

    private long number(String sql, @Nullable Long parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (parameter != null) {
                statement.setLong(1, parameter);
            }
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    /** For a connection that only verifies: its plans go by the primary key, whatever is in the statistics. */
    void readInOrder() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off");
        }
    }

    private static SealedBatch batch(ResultSet result) throws SQLException {
        Seal seal = seal(result);
        byte[] packed = result.getBytes(12);
        byte[] hashes = result.getBytes(13);
        return new SealedBatch(
                seal,
                packed == null ? new long[0] : SealedBatch.unpacked(seal.after(), packed),
                hashes == null ? new byte[0] : hashes);
    }

    private static Seal seal(ResultSet result) throws SQLException {
        return new Seal(
                result.getLong(1),
                result.getString(2),
                result.getInt(3),
                result.getLong(4),
                result.getLong(5),
                result.getInt(6),
                result.getLong(7),
                result.getObject(8, OffsetDateTime.class).toInstant(),
                hash(result, 9),
                hash(result, 10),
                hash(result, 11));
    }

    /** What is no hash any more is compared as one that nothing has. */
    private static Hash hash(ResultSet result, int column) throws SQLException {
        byte[] bytes = result.getBytes(column);
        return bytes == null || bytes.length != Hash.LENGTH ? Hash.over(new byte[0]) : Hash.of(bytes);
    }
}
