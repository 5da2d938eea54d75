package io.farandole.audit.seal;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.Seal;
import io.farandole.verifier.SealedBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of sealing, on a connection given by the caller. Stateless. */
final class SealStatements {

    private static final String BEGIN = "select farandole.try_sealing(), clock_timestamp(),"
            + " (select coalesce(max(position), 0) from farandole.journal)";

    private static final String APPEND = "select farandole.append_seal(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String NEWEST_CHECKPOINT =
            "select number, content from farandole.checkpoint order by number desc limit 1";

    private static final String APPEND_CHECKPOINT = "select farandole.append_checkpoint(?, ?, ?)";

    private static final String UNSTORED =
            "select number, content from farandole.checkpoint where stored_at is null order by number limit ?";

    private static final String COUNT_UNSTORED = "select count(*) from farandole.checkpoint where stored_at is null";

    private static final String NEWEST_STORED = "select number, content from farandole.checkpoint"
            + " where stored_at is not null order by number desc limit 1";

    private static final String STORED = "select farandole.checkpoint_stored(?)";

    private SealStatements() {}

    /**
     * What a transaction of sealing begins with.
     *
     * @param mine whether this transaction may seal
     * @param newest the last position of the journal
     */
    record Begun(boolean mine, Instant now, long newest) {}

    /** A checkpoint as the database keeps it. */
    record Kept(long number, String content) {

        Checkpoint parsed() {
            return Checkpoint.parse(content);
        }
    }

    static Begun begin(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return new Begun(
                    result.getBoolean(1),
                    result.getObject(2, OffsetDateTime.class).toInstant(),
                    result.getLong(3));
        }
    }

    static void append(Connection connection, SealedBatch batch) throws SQLException {
        Seal seal = batch.seal();
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            statement.setLong(1, seal.number());
            statement.setInt(2, seal.form());
            statement.setString(3, seal.context());
            statement.setLong(4, seal.after());
            statement.setLong(5, seal.upTo());
            statement.setInt(6, seal.rows());
            statement.setLong(7, seal.total());
            statement.setBytes(8, SealedBatch.packed(seal.after(), batch.positions()));
            statement.setBytes(9, batch.rowHashes());
            statement.setBytes(10, seal.root().bytes());
            statement.setBytes(11, seal.previous().bytes());
            statement.setBytes(12, seal.hash().bytes());
            statement.setObject(13, seal.sealedAt().atOffset(ZoneOffset.UTC));
            statement.execute();
        }
    }

    static @Nullable Kept newestCheckpoint(Connection connection) throws SQLException {
        return kept(connection, NEWEST_CHECKPOINT);
    }

    /** The newest one that was stored outside. */
    static @Nullable Kept newestStored(Connection connection) throws SQLException {
        return kept(connection, NEWEST_STORED);
    }

    private static @Nullable Kept kept(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? new Kept(result.getLong(1), result.getString(2)) : null;
        }
    }

    static long countUnstored(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT_UNSTORED);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    static void append(Connection connection, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPEND_CHECKPOINT)) {
            statement.setLong(1, checkpoint.number());
            statement.setLong(2, checkpoint.seal());
            statement.setString(3, checkpoint.text());
            statement.execute();
        }
    }

    static List<Kept> unstored(Connection connection, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNSTORED)) {
            statement.setInt(1, limit);
            List<Kept> found = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    found.add(new Kept(result.getLong(1), result.getString(2)));
                }
            }
            return found;
        }
    }

    static void stored(Connection connection, long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STORED)) {
            statement.setLong(1, number);
            statement.execute();
        }
    }
}
