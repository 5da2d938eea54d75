package io.farandole.saga.outside;

import io.farandole.eventstore.LastStatements;
import io.farandole.eventstore.RoundTrip;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The SQL of outside calls. All times are the database's, so that workers with different clocks agree on leases and time
 * limits. Every method joins the current transaction, if there is one.
 */
final class OutsideCallStore {

    private static final String VIEW =
            "select id, kind, process_key, idempotency_key, status, attempts, record_attempts,"
                    + " requested_at, due_at, time_limit_at, last_error, finished_at from farandole.outside_call ";

    private final JdbcTemplate jdbc;

    OutsideCallStore(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** A request ready to be written. */
    record Request(
            String kind,
            String processKey,
            String idempotencyKey,
            String request,
            String metadata,
            Duration timeLimit) {

        boolean isSameCallAs(Request other) {
            return isCall(other.kind, other.idempotencyKey);
        }

        boolean isCall(String ofKind, String underKey) {
            return kind.equals(ofKind) && idempotencyKey.equals(underKey);
        }

        /** As it is in the table once it was written with a lease. */
        Claim claimedAs(long id) {
            return new Claim(id, kind, processKey, idempotencyKey, request, metadata, 1, 0, 1, null, false);
        }

        boolean hasContentOf(Request other) {
            return processKey.equals(other.processKey) && request.equals(other.request);
        }
    }

    /** A call that this worker holds until its lease ends, under the fencing number {@code claim}. */
    record Claim(
            long id,
            String kind,
            String processKey,
            String idempotencyKey,
            String request,
            String metadata,
            int attempts,
            int recordAttempts,
            long claim,
            @Nullable String result,
            boolean limitPassed) {}

    /**
     * Writes requests, and claims those that it is given a lease for; in a unit of work with what else is written right before its
     * commit. The same kind and key with the same content is the same call, and written once. If a kind and key are there already with
     * another content, that is an {@link IllegalStateException} there.
     *
     * @param leases by request; a request without one waits to be claimed
     * @param claimed is given the claims, of those that were written with a lease
     */
    void insert(List<Request> requests, Map<Request, Duration> leases, Consumer<List<Claim>> claimed) {
        LastStatements.add(jdbc, new Insert(requests, leases, claimed));
    }

    private record Insert(List<Request> requests, Map<Request, Duration> leases, Consumer<List<Claim>> claimed)
            implements RoundTrip.Statement {

        private static final int PARAMETERS = 7;

        @Override
        public String sql() {
            return "select kind, idempotency_key, id from farandole.request_outside_calls(?, ?, ?, ?, ?, ?, ?)";
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            array(statement, before + 1, "text", requests.stream().map(Request::kind));
            array(statement, before + 2, "text", requests.stream().map(Request::processKey));
            array(statement, before + 3, "text", requests.stream().map(Request::idempotencyKey));
            array(statement, before + 4, "text", requests.stream().map(Request::request));
            array(statement, before + 5, "text", requests.stream().map(Request::metadata));
            array(statement, before + 6, "bigint", requests.stream().map(r -> r.timeLimit()
                    .toMillis()));
            array(statement, before + PARAMETERS, "bigint", requests.stream().map(r -> millis(leases.get(r))));
            return before + PARAMETERS;
        }

        @Override
        public void rows(ResultSet rows) throws SQLException {
            List<String> clashes = new ArrayList<>();
            List<Claim> claims = new ArrayList<>();
            while (rows.next()) {
                String kind = text(rows, 1);
                String key = text(rows, 2);
                long id = rows.getLong(3);
                if (rows.wasNull()) {
                    clashes.add(kind + " " + key);
                } else {
                    leases.keySet().stream()
                            .filter(request -> request.isCall(kind, key))
                            .findFirst()
                            .ifPresent(request -> claims.add(request.claimedAs(id)));
                }
            }
            if (!clashes.isEmpty()) {
                throw new IllegalStateException(
                        "Outside calls " + clashes + " were requested before with another content:"
                                + " give each call of a kind an idempotency key of its own");
            }
            claimed.accept(claims);
        }
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    /** Claims due calls, at most so many of each kind, each for its kind's lease; one statement, its own transaction. */
    List<Claim> claim(Map<String, Integer> freeByKind, OutsideCallSettings settings) {
        List<String> kinds = new ArrayList<>(freeByKind.keySet());
        return jdbc.query(
                "select id, kind, process_key, idempotency_key, request, metadata, attempts, record_attempts, claim, result,"
                        + " limit_passed from farandole.claim_outside_calls(?, ?, ?)",
                statement -> {
                    array(statement, 1, "text", kinds.stream());
                    array(statement, 2, "integer", kinds.stream().map(freeByKind::get));
                    array(statement, 3, "bigint", kinds.stream().map(k -> settings.of(k)
                            .lease()
                            .toMillis()));
                },
                (row, number) -> new Claim(
                        row.getLong(1),
                        text(row, 2),
                        text(row, 3),
                        text(row, 4),
                        text(row, 5),
                        text(row, 6),
                        row.getInt(7),
                        row.getInt(8),
                        row.getLong(9),
                        row.getString(10),
                        row.getBoolean(11)));
    }

    /** Puts a call back after an unknown outcome; its next attempt is not later than its time limit. */
    void again(Claim claim, Duration delay, String error) {
        jdbc.update(
                "update farandole.outside_call set status = 'WAITING', last_error = ?,"
                        + " due_at = greatest(clock_timestamp(),"
                        + " least(time_limit_at, clock_timestamp() + ? * interval '1 millisecond'))"
                        + " where id = ? and claim = ? and status = 'RUNNING'",
                error,
                delay.toMillis(),
                claim.id(),
                claim.claim());
    }

    /**
     * Closes calls with their results, those whose claim still holds; tells the ids of these. Part of the transaction that
     * sends the commands, and its first statement: the rows stay locked until the end, so no other worker can claim them in
     * between.
     */
    Set<Long> close(List<OutsideCallRecorder.Recording> recordings) {
        return new HashSet<>(jdbc.query(
                "select * from farandole.close_outside_calls(?, ?, ?)",
                statement -> {
                    array(statement, 1, "bigint", recordings.stream().map(r -> r.claim()
                            .id()));
                    array(statement, 2, "bigint", recordings.stream().map(r -> r.claim()
                            .claim()));
                    array(statement, 3, "text", recordings.stream().map(OutsideCallRecorder.Recording::result));
                },
                (row, number) -> row.getLong(1)));
    }

    /** Keeps a known result whose command failed, to be sent again later, or, if given up, for a person. */
    void keepResult(Claim claim, String result, String error, boolean counts, Duration delay, boolean giveUp) {
        jdbc.update(
                "update farandole.outside_call set status = ?, result = ?, last_error = ?,"
                        + " record_attempts = record_attempts + ?,"
                        + " due_at = clock_timestamp() + ? * interval '1 millisecond',"
                        + " finished_at = case when ? then clock_timestamp() end"
                        + " where id = ? and claim = ? and status = 'RUNNING'",
                giveUp ? "FAILED" : "RECORDING",
                result,
                error,
                counts ? 1 : 0,
                delay.toMillis(),
                giveUp,
                claim.id(),
                claim.claim());
    }

    /** Puts a failed call back to where its result is recorded. */
    boolean retry(long id) {
        return jdbc.update(
                        "update farandole.outside_call set status = 'RECORDING', record_attempts = 0,"
                                + " due_at = clock_timestamp(), finished_at = null where id = ? and status = 'FAILED'",
                        id)
                == 1;
    }

    List<OutsideCallView> ofProcess(String processKey) {
        return jdbc.query(VIEW + "where process_key = ? order by id", (row, number) -> view(row), processKey);
    }

    List<OutsideCallView> byStatus(OutsideCallView.Status status, int limit) {
        return jdbc.query(
                VIEW + "where status = ? order by id limit ?", (row, number) -> view(row), status.name(), limit);
    }

    /** Deletes closed calls that finished longer ago than the window; failed ones stay until somebody has retried them. */
    int purge(Duration window, int limit) {
        return jdbc.update(
                "delete from farandole.outside_call where id in (select id from farandole.outside_call"
                        + " where finished_at < clock_timestamp() - ? * interval '1 millisecond' and status = 'DONE'"
                        + " order by finished_at limit ?)",
                window.toMillis(),
                limit);
    }

    private static OutsideCallView view(ResultSet row) throws SQLException {
        return new OutsideCallView(
                row.getLong(1),
                text(row, 2),
                text(row, 3),
                text(row, 4),
                OutsideCallView.Status.valueOf(text(row, 5)),
                row.getInt(6),
                row.getInt(7),
                time(row, 8),
                time(row, 9),
                time(row, 10),
                row.getString(11),
                row.getTimestamp(12) == null ? null : time(row, 12));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String value = row.getString(column);
        if (value == null) {
            throw new SQLException("Column " + column + " of farandole.outside_call is null");
        }
        return value;
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        if (value == null) {
            throw new SQLException("Column " + column + " of farandole.outside_call is null");
        }
        return value.toInstant();
    }

    private static void array(PreparedStatement statement, int index, String type, java.util.stream.Stream<?> values)
            throws SQLException {
        Array array = statement.getConnection().createArrayOf(type, values.toArray());
        statement.setArray(index, array);
    }
}
