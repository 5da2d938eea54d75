package io.farandole.saga;

import io.farandole.eventstore.LastStatements;
import io.farandole.eventstore.RoundTrip;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.saga.step.StepView;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Sagas by saga type and process key, one row each in {@code farandole.saga}. A batch is loaded in one round trip and
 * written in one; an insert or update that meets another writer is an error. Joins the current transaction. Thread-safe.
 */
public final class KeyedSagaStore {

    /** How long an ended saga is remembered, if nothing else is configured. */
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

    private static final JsonCodec JSON = new JsonCodec();

    private final JdbcTemplate jdbc;
    private final Duration retention;

    /** A store that remembers ended sagas for {@link #DEFAULT_RETENTION}. */
    public KeyedSagaStore(DataSource dataSource) {
        this(dataSource, DEFAULT_RETENTION);
    }

    /**
     * A store.
     *
     * @param retention how long an ended saga is remembered, so that a late event does not start it again; well above the
     *     longest time that a message can be on its way
     */
    public KeyedSagaStore(DataSource dataSource, Duration retention) {
        if (retention.isNegative()) {
            throw new IllegalArgumentException("The retention of ended sagas must not be negative: " + retention);
        }
        this.jdbc = new JdbcTemplate(dataSource);
        this.retention = retention;
    }

    /**
     * A saga as stored.
     *
     * @param steps JSON of its step log
     */
    record Row(String state, int stateVersion, long version, boolean ended, String steps) {}

    /**
     * A saga to be written.
     *
     * @param version 0 inserts; any other updates exactly that version
     * @param steps JSON of its step log; null if that has not changed
     */
    record Write(String processKey, long version, String state, boolean ended, @Nullable String steps) {}

    /**
     * A saga as operators see it.
     *
     * @param state JSON text of its fields
     * @param version number of writes
     * @param endedAt null while it is active
     * @param steps where its steps stand, in the order in which they were first heard of; empty if it declares none
     */
    public record View(
            String sagaType,
            String processKey,
            String state,
            long version,
            Instant startedAt,
            Instant updatedAt,
            @Nullable Instant endedAt,
            List<StepView> steps) {

        public View {
            steps = List.copyOf(steps);
        }

        /** Names the saga without its state, which may be confidential. */
        @Override
        public String toString() {
            return "Saga[" + sagaType + " " + processKey + ", version " + version
                    + (endedAt == null ? "" : ", ended " + endedAt) + "]";
        }
    }

    /** The sagas of one type with these keys; keys without a row are absent from the answer. */
    Map<String, Row> load(String sagaType, Collection<String> processKeys) {
        RoundTrip alone = new RoundTrip(jdbc);
        Map<String, Row> rows = new HashMap<>();
        load(sagaType, processKeys, rows, alone);
        alone.execute();
        return rows;
    }

    /** Whether a round trip goes to the sagas' database. */
    boolean isIn(RoundTrip roundTrip) {
        return roundTrip.isTo(jdbc.getDataSource());
    }

    /** The same in a round trip with others; the rows are there once it was executed. */
    void load(String sagaType, Collection<String> processKeys, Map<String, Row> rows, RoundTrip roundTrip) {
        roundTrip.add(new RoundTrip.Statement() {
            @Override
            public String sql() {
                return "select process_key, state, state_version, version, ended, steps"
                        + " from farandole.load_sagas_and_steps(?, ?)";
            }

            @Override
            public int bind(PreparedStatement statement, int before) throws SQLException {
                statement.setString(before + 1, sagaType);
                array(statement, before + 2, "text", processKeys.stream());
                return before + 2;
            }

            @Override
            public void rows(ResultSet row) throws SQLException {
                while (row.next()) {
                    rows.put(
                            text(row, 1),
                            new Row(text(row, 2), row.getInt(3), row.getLong(4), row.getBoolean(5), text(row, 6)));
                }
            }
        });
    }

    /**
     * Writes the sagas of one type; in a unit of work with what else is written right before its commit.
     *
     * @throws SagaConflictException there, if one of them was started or changed by somebody else; nothing may be committed then
     */
    void save(String sagaType, int stateVersion, List<Write> writes) {
        LastStatements.add(jdbc, new Saving(sagaType, stateVersion, writes));
    }

    private record Saving(String sagaType, int stateVersion, List<Write> writes) implements RoundTrip.Statement {

        private static final int PARAMETERS = 7;

        @Override
        public String sql() {
            return "select * from farandole.save_sagas(?, ?, ?, ?, ?, ?, ?)";
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            statement.setString(before + 1, sagaType);
            array(statement, before + 2, "text", writes.stream().map(Write::processKey));
            array(statement, before + 3, "bigint", writes.stream().map(Write::version));
            array(statement, before + 4, "text", writes.stream().map(Write::state));
            statement.setInt(before + 5, stateVersion);
            array(statement, before + 6, "boolean", writes.stream().map(Write::ended));
            array(statement, before + PARAMETERS, "text", writes.stream().map(Write::steps));
            return before + PARAMETERS;
        }

        /** The keys that others have written. */
        @Override
        public void rows(ResultSet rows) throws SQLException {
            Set<String> keys = new HashSet<>();
            while (rows.next()) {
                keys.add(text(rows, 1));
            }
            for (Write write : writes) {
                if (keys.contains(write.processKey())) {
                    throw new SagaConflictException(sagaType, write.processKey(), write.version());
                }
            }
            Failpoint.SAGAS_WRITTEN.reached();
        }
    }

    /** All sagas of a process, active and ended. */
    public List<View> ofProcess(String processKey) {
        return jdbc.query(
                "select saga_type, process_key, state, version, started_at, updated_at, ended_at, steps from farandole.saga"
                        + " where process_key = ? order by started_at",
                (row, number) -> new View(
                        text(row, 1),
                        text(row, 2),
                        text(row, 3),
                        row.getLong(4),
                        row.getTimestamp(5).toInstant(),
                        row.getTimestamp(6).toInstant(),
                        row.getTimestamp(7) == null ? null : row.getTimestamp(7).toInstant(),
                        steps(text(row, 8))),
                processKey);
    }

    /** How many sagas of each type are active; counts them, so ask at intervals of many seconds. */
    public Map<String, Long> activeByType() {
        Map<String, Long> active = new HashMap<>();
        jdbc.query("select saga_type, count(*) from farandole.saga where ended_at is null group by saga_type", row -> {
            active.put(text(row, 1), row.getLong(2));
        });
        return active;
    }

    /**
     * Forgets sagas that ended longer ago than the retention.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(int limit) {
        return jdbc.update(
                "delete from farandole.saga where (saga_type, process_key) in (select saga_type, process_key"
                        + " from farandole.saga where ended_at < clock_timestamp() - ? * interval '1 millisecond'"
                        + " order by ended_at limit ?)",
                retention.toMillis(),
                limit);
    }

    /** A step log from its JSON. */
    static List<StepView> steps(String json) {
        return json.equals("[]") ? List.of() : List.of(JSON.read(json, StepView[].class));
    }

    /** The JSON of a step log. */
    static String json(Collection<StepView> steps) {
        return JSON.write(steps);
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String value = row.getString(column);
        if (value == null) {
            throw new SQLException("Column " + column + " of farandole.saga is null");
        }
        return value;
    }

    private static void array(PreparedStatement statement, int index, String type, Stream<?> values)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, values.toArray()));
    }
}
