package io.farandole.axon;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.parked_decision}: what was decided is inserted once; what became of it is changed only
 * by who holds the row of the process, so two never change it at a time. All join the transaction that Spring has bound to the
 * thread, READ COMMITTED. Thread-safe.
 */
final class DecisionTable {

    /**
     * A worker at a process holds this shared advisory lock beside the row (see {@link ParkingTable#claimDue}), and who asks looks for
     * it in {@code pg_locks}. A probe of the row itself ({@code for share skip locked}) would lock the row, and so
     * hold up the very worker that it asks about, and tell the next who asks that there is one.
     */
    private static final String IN_FLIGHT = "exists (select from pg_locks l where l.locktype = 'advisory'"
            + " and l.database = (select b.oid from pg_database b where b.datname = current_database())"
            + " and l.objsubid = 1 and l.granted and (l.classid::bigint << 32 | l.objid::bigint)"
            + " = hashtextextended(d.processor || e'\\n' || d.process_key, 0))";

    private static final String SELECT = "select d.*, case when d.state = 'PENDING' then " + IN_FLIGHT
            + " else false end as in_flight" + " from farandole.parked_decision d";

    private static final int LATEST = 100;

    private final JdbcTemplate jdbc;

    DecisionTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Records a decision. */
    void insert(InterventionDecided decided) {
        jdbc.update(
                "insert into farandole.parked_decision (decision_id, group_id, processor, process_key, decision, event_id,"
                        + " event_type, position, last_position, error_class, attempts, decided_by, reason, decided_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                decided.decisionId(),
                decided.groupId(),
                decided.processor(),
                decided.processKey(),
                decided.decision().name(),
                decided.eventId(),
                decided.eventType(),
                decided.position(),
                decided.lastPosition(),
                decided.errorClass(),
                decided.attempts(),
                decided.by(),
                decided.reason(),
                sql(decided.decidedAt()));
    }

    /** Another decision takes its place. */
    void supersede(String decisionId) {
        end(decisionId, "SUPERSEDED");
    }

    /** It has been carried out. */
    Instant resolve(String decisionId) {
        return end(decisionId, "RESOLVED");
    }

    private Instant end(String decisionId, String state) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "update farandole.parked_decision set state = ?, ended_at = clock_timestamp() where decision_id = ?"
                        + " and state = 'PENDING' returning ended_at",
                (row, index) -> instant(row, "ended_at"),
                state,
                decisionId));
    }

    /** A decision that is to be carried out, as it was recorded. */
    InterventionDecided pending(String decisionId) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select * from farandole.parked_decision where decision_id = ?",
                (row, index) -> new InterventionDecided(
                        row.getString("decision_id"),
                        row.getString("group_id"),
                        row.getString("processor"),
                        row.getString("process_key"),
                        Decision.valueOf(row.getString("decision")),
                        row.getString("event_id"),
                        row.getString("event_type"),
                        row.getLong("position"),
                        row.getLong("last_position"),
                        row.getString("error_class"),
                        row.getInt("attempts"),
                        row.getString("decided_by"),
                        row.getString("reason"),
                        instant(row, "decided_at")),
                decisionId));
    }

    List<ParkedDecision> latest(String processor, String processKey) {
        return jdbc.query(
                SELECT + " where processor = ? and process_key = ? order by id desc limit " + LATEST,
                (row, index) -> read(row),
                processor,
                processKey);
    }

    Optional<ParkedDecision> find(String decisionId) {
        return jdbc.query(SELECT + " where decision_id = ?", (row, index) -> read(row), decisionId).stream()
                .findFirst();
    }

    private static ParkedDecision read(ResultSet row) throws SQLException {
        return new ParkedDecision(
                row.getString("decision_id"),
                row.getString("group_id"),
                row.getString("processor"),
                row.getString("process_key"),
                Decision.valueOf(row.getString("decision")),
                row.getString("event_id"),
                row.getString("event_type"),
                row.getLong("position"),
                row.getLong("last_position"),
                row.getString("error_class"),
                row.getInt("attempts"),
                row.getString("decided_by"),
                row.getString("reason"),
                instant(row, "decided_at"),
                state(row.getString("state"), row.getBoolean("in_flight"), row.getInt("failed_attempts")),
                row.getInt("failed_attempts"),
                instantOrNull(row, "ended_at"));
    }

    private static ParkedDecision.State state(String stored, boolean inFlight, int failedAttempts) {
        if (stored.equals("RESOLVED")) {
            return ParkedDecision.State.RESOLVED;
        }
        if (inFlight) {
            return ParkedDecision.State.IN_FLIGHT;
        }
        if (failedAttempts > 0) {
            return ParkedDecision.State.FAILED_AGAIN;
        }
        return stored.equals("PENDING") ? ParkedDecision.State.REQUESTED : ParkedDecision.State.SUPERSEDED;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(row, column));
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static OffsetDateTime sql(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
