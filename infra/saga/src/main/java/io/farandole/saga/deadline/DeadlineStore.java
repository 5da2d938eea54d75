package io.farandole.saga.deadline;

import io.farandole.eventstore.LastStatements;
import io.farandole.eventstore.RoundTrip;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The SQL of deadlines, over db-scheduler's table. Every method joins the current transaction, if there is one. */
final class DeadlineStore {

    /** db-scheduler's name for all deadlines of sagas; stored. */
    static final String TASK = "farandole-deadline";

    private final JdbcTemplate jdbc;

    DeadlineStore(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** A deadline as stored; the metadata is JSON text. */
    record Row(
            String id,
            Scope scope,
            Instant dueAt,
            @Nullable String payloadType,
            int payloadVersion,
            @Nullable String payload,
            String metadata) {}

    /** Which deadlines: those of that name of that saga. */
    record Scope(String sagaType, String processKey, String name) {}

    /** In a unit of work with what else is written right before its commit, as {@link #cancel}. */
    void insert(List<Row> rows) {
        LastStatements.add(jdbc, new Insert(rows));
    }

    private record Insert(List<Row> rows) implements RoundTrip.Statement {

        private static final int PARAMETERS = 10;

        @Override
        public String sql() {
            return "insert into farandole.scheduled_tasks (task_name, task_instance, saga_type, process_key, deadline_name,"
                    + " execution_time, payload_type, payload_version, payload, metadata, picked, version)"
                    + " select ?, g.*, false, 1 from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],"
                    + " ?::text[], ?::integer[], ?::text[], ?::text[]) as g";
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            statement.setString(before + 1, TASK);
            array(statement, before + 2, "text", rows.stream().map(Row::id));
            array(statement, before + 3, "text", rows.stream().map(row -> row.scope()
                    .sagaType()));
            array(statement, before + 4, "text", rows.stream().map(row -> row.scope()
                    .processKey()));
            array(statement, before + 5, "text", rows.stream().map(row -> row.scope()
                    .name()));
            array(statement, before + 6, "timestamptz", rows.stream().map(row -> Timestamp.from(row.dueAt())));
            array(statement, before + 7, "text", rows.stream().map(Row::payloadType));
            array(statement, before + 8, "integer", rows.stream().map(Row::payloadVersion));
            array(statement, before + 9, "text", rows.stream().map(Row::payload));
            array(statement, before + PARAMETERS, "text", rows.stream().map(Row::metadata));
            return before + PARAMETERS;
        }

        @Override
        public void changed(int count) throws SQLException {
            if (count != rows.size()) {
                throw new SQLException("Of " + rows.size() + " deadlines " + count + " were written");
            }
        }
    }

    void cancel(Collection<String> ids, Collection<Scope> scopes) {
        LastStatements.add(jdbc, new Cancellation(ids, scopes));
    }

    private record Cancellation(Collection<String> ids, Collection<Scope> scopes) implements RoundTrip.Statement {

        private static final int PARAMETERS = 5;

        @Override
        public String sql() {
            return "select farandole.cancel_deadlines(?, ?, ?, ?, ?)";
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            statement.setString(before + 1, TASK);
            array(statement, before + 2, "text", ids.stream());
            array(statement, before + 3, "text", scopes.stream().map(Scope::sagaType));
            array(statement, before + 4, "text", scopes.stream().map(Scope::processKey));
            array(statement, before + PARAMETERS, "text", scopes.stream().map(Scope::name));
            return before + PARAMETERS;
        }

        /** One, with nothing in it. */
        @Override
        public void rows(ResultSet rows) {}
    }

    /** The ids of all deadlines of a name that have not passed, and of those passed that may not have been heard of. */
    List<String> idsOf(String name) {
        return jdbc.queryForList(
                "select task_instance from farandole.scheduled_tasks where task_name = ? and deadline_name = ?"
                        + " union select deadline_id from farandole.passed_deadline where deadline_name = ?",
                String.class,
                TASK,
                name,
                name);
    }

    /** Takes a due deadline and up to so many others out of the table, as passed. */
    List<Row> pass(String own, Instant now, int more) {
        return jdbc.query(
                "select * from farandole.pass_deadlines(?, ?, ?, ?)",
                (row, number) -> new Row(
                        text(row, 1),
                        new Scope(text(row, 2), text(row, 3), text(row, 4)),
                        time(row, 5),
                        row.getString(6),
                        row.getInt(7),
                        row.getString(8),
                        text(row, 9)),
                TASK,
                own,
                Timestamp.from(now),
                more);
    }

    boolean isCancelled(String id) {
        return !jdbc.queryForList(
                        "select deadline_id from farandole.passed_deadline where deadline_id = ? and cancelled",
                        String.class,
                        id)
                .isEmpty();
    }

    List<PendingDeadline> pending(String processKey) {
        return jdbc.query(
                "select task_instance, saga_type, process_key, deadline_name, execution_time from farandole.scheduled_tasks"
                        + " where task_name = ? and process_key = ? order by execution_time",
                (row, number) -> pending(row),
                TASK,
                processKey);
    }

    List<PendingDeadline> pending(int limit) {
        return jdbc.query(
                "select task_instance, saga_type, process_key, deadline_name, execution_time from farandole.scheduled_tasks"
                        + " where task_name = ? order by execution_time limit ?",
                (row, number) -> pending(row),
                TASK,
                limit);
    }

    int purge(Duration window, int limit) {
        return jdbc.update(
                "delete from farandole.passed_deadline where deadline_id in (select deadline_id"
                        + " from farandole.passed_deadline where passed_at < clock_timestamp() - ? * interval '1 millisecond'"
                        + " order by passed_at limit ?)",
                window.toMillis(),
                limit);
    }

    private static PendingDeadline pending(ResultSet row) throws SQLException {
        return new PendingDeadline(text(row, 1), text(row, 2), text(row, 3), text(row, 4), time(row, 5));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String value = row.getString(column);
        if (value == null) {
            throw new SQLException("Column " + column + " of a deadline is null");
        }
        return value;
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        if (value == null) {
            throw new SQLException("Column " + column + " of a deadline is null");
        }
        return value.toInstant();
    }

    private static void array(
            PreparedStatement statement, int index, String type, Stream<? extends @Nullable Object> values)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, values.toArray()));
    }
}
