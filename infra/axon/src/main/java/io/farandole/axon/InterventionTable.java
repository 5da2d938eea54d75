package io.farandole.axon;

import io.farandole.axon.ParkingTable.QueuedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.parked_process} and {@code farandole.parked_event} for those who decide, and for the worker that
 * leaves events out. As with {@link ParkingTable} all join the thread's transaction, READ COMMITTED. Thread-safe.
 */
final class InterventionTable {

    private static final String PROCESS = " where processor = ? and process_key = ?";

    private final JdbcTemplate jdbc;

    InterventionTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * A process as a decider finds it.
     *
     * @param eventId of the latest failure
     * @param firstQueued null if nothing is queued any more
     * @param decisionId that is pending
     * @param now the database's time
     */
    record Head(
            String eventId,
            String eventType,
            long position,
            String errorClass,
            int attempts,
            @Nullable String decisionId,
            @Nullable Long firstQueued,
            @Nullable Long lastQueued,
            Instant now) {

        /** Whether that event is the one that failed and the one that the process waits for. */
        boolean isAt(String event) {
            return eventId.equals(event) && firstQueued != null && firstQueued == position;
        }

        /** Of the queue; the failed event's if that is all. */
        long last() {
            return lastQueued == null ? position : lastQueued;
        }
    }

    /** Who an event at a position of the journal is, whether or not it can be read. */
    record Identity(String eventId, String eventType, @Nullable String correlationId) {}

    /** Waits for others who decide about this process, until their transactions have ended; for nobody else. */
    void lockDeciders(String processor, String processKey) {
        jdbc.query(
                "select pg_advisory_xact_lock(hashtextextended(? || e'\\n' || ?, 1))",
                row -> {},
                processor,
                processKey);
    }

    /** The decision that is to be carried out; empty if there is none, or no such process. */
    Optional<String> decision(String processor, String processKey) {
        return jdbc
                .queryForList(
                        "select decision_id from farandole.parked_process" + PROCESS + " and decision_id is not null",
                        String.class,
                        processor,
                        processKey)
                .stream()
                .findFirst();
    }

    /** Takes the right to work on a queue, as a retry worker does; false if somebody has it, or there is no such process. */
    boolean tryLock(String processor, String processKey) {
        return !jdbc.queryForList(
                        "select 1 from farandole.parked_process" + PROCESS + " for no key update skip locked",
                        processor,
                        processKey)
                .isEmpty();
    }

    boolean isSetAside(String processor, String processKey) {
        return !jdbc.queryForList("select 1 from farandole.parked_process" + PROCESS, processor, processKey)
                .isEmpty();
    }

    /**
     * The process and both ends of its queue, after {@link #tryLock}. What a batch is about to queue is not in it, and is
     * behind all that is: a process's events are queued in the order of their positions, by one batch after the other.
     */
    Optional<Head> head(String processor, String processKey) {
        return jdbc
                .query(
                        "select p.*, q.first, q.last, clock_timestamp() as now from farandole.parked_process p"
                                + " cross join lateral (select min(e.position) as first, max(e.position) as last"
                                + " from farandole.parked_event e where e.processor = p.processor"
                                + " and e.process_key = p.process_key) q" + PROCESS,
                        (row, index) -> new Head(
                                row.getString("failed_event_id"),
                                row.getString("failed_event_type"),
                                row.getLong("failed_position"),
                                row.getString("error_class"),
                                row.getInt("attempts"),
                                row.getString("decision_id"),
                                row.getObject("first", Long.class),
                                row.getObject("last", Long.class),
                                DecisionTable.instant(row, "now")),
                        processor,
                        processKey)
                .stream()
                .findFirst();
    }

    /** Makes a process due, with all its attempts before it, for the decision to be carried out. After {@link #tryLock}. */
    void decided(String processor, String processKey, String decisionId) {
        jdbc.update(
                "update farandole.parked_process set status = 'RETRYING', attempts = 0,"
                        + " next_attempt_at = clock_timestamp(), decision_id = ?" + PROCESS,
                decisionId,
                processor,
                processKey);
    }

    /** From the journal's columns: also of an event whose type nobody knows any more. */
    Optional<Identity> identity(long position) {
        return jdbc
                .query(
                        "select event_id, payload_type, correlation_id from farandole.journal where position = ?",
                        (row, index) -> new Identity(row.getString(1), row.getString(2), row.getString(3)),
                        position)
                .stream()
                .findFirst();
    }

    /** The first events of a queue from one position to another, both included. */
    List<QueuedEvent> queued(String processor, String processKey, long first, long last, int limit) {
        return jdbc.query(
                "select position, replayed from farandole.parked_event" + PROCESS
                        + " and position >= ? and position <= ? order by position limit ?",
                (row, index) -> new QueuedEvent(row.getLong(1), row.getBoolean(2)),
                processor,
                processKey,
                first,
                last,
                limit);
    }

    /**
     * Takes all up to a position out of a claimed queue; what is behind it is due at once. Nobody else takes events out of a claimed
     * queue, and what is added comes behind that position: so these are exactly the ones that were there when it was decided.
     *
     * @return how many
     */
    int leaveOut(String processor, String processKey, long last) {
        int deleted = jdbc.update(
                "delete from farandole.parked_event" + PROCESS + " and position <= ?", processor, processKey, last);
        jdbc.update(
                "update farandole.parked_process set attempts = 0, decision_id = null,"
                        + " next_attempt_at = clock_timestamp()" + PROCESS,
                processor,
                processKey);
        return deleted;
    }
}
