package io.farandole.axon;

import io.farandole.axon.ParkedProcess.Status;
import io.farandole.eventstore.RoundTrip;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.parked_process} and {@code farandole.parked_event}, for those who queue and those
 * who retry. All join the transaction that Spring has bound to the thread, which must be READ COMMITTED: several of them
 * rely on seeing, after a wait for a lock, what the other has committed. All times are the database's.
 *
 * <p>Thread-safe.
 */
final class ParkingTable {

    /** A conflict that outlasts a worker's own attempts is retried as if after this many. */
    private static final int UNCOUNTED_BACKOFF = 4;

    private final JdbcTemplate jdbc;

    ParkingTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** A queued event: where it stands in the journal, and whether it was met during a replay. */
    record QueuedEvent(long position, boolean replayed) {}

    /** A queue that this transaction has the right to work on. */
    record Claim(
            String processor,
            String processKey,
            int attempts,
            @Nullable String decisionId,
            @Nullable QueuedEvent head) {}

    /**
     * Which of these processes are set aside, held until the transaction ends: none of their rows can be deleted
     * meanwhile (that takes {@code for update}), while a retry worker may go on handling ({@code for no key update}).
     * A process that is not in the answer has all its earlier events behind it, committed: whoever ended its queue had
     * committed the last of them before it deleted the row, and only the owner of the segment, which is the caller,
     * makes a new row. In the order of keys, so that two callers cannot deadlock.
     *
     * @param held takes the answer when the round trip is executed; add nothing before that relies on it
     */
    void hold(String processor, Collection<String> processKeys, Set<String> held, RoundTrip roundTrip) {
        roundTrip.add(new RoundTrip.Statement() {
            @Override
            public String sql() {
                return "select process_key from farandole.parked_process where processor = ? and process_key = any (?)"
                        + " order by process_key for key share";
            }

            @Override
            public int bind(PreparedStatement statement, int before) throws SQLException {
                statement.setString(before + 1, processor);
                statement.setArray(before + 2, statement.getConnection().createArrayOf("text", processKeys.toArray()));
                return before + 2;
            }

            @Override
            public void rows(ResultSet rows) throws SQLException {
                while (rows.next()) {
                    held.add(rows.getString(1));
                }
            }
        });
    }

    /** A round trip to the database of this table. */
    RoundTrip roundTrip() {
        return new RoundTrip(jdbc);
    }

    /**
     * Sets a process aside at its first failure.
     *
     * @throws ConcurrencyException if another one has just done so
     */
    void setAside(String processor, String processKey, Failure failure, RetryPolicy policy) {
        boolean parked = failure.counts() && policy.attempts() == 1;
        int inserted = jdbc.update(
                "insert into farandole.parked_process (processor, process_key, status, attempts, next_attempt_at,"
                        + " failed_position, failed_event_id, failed_event_type, error_class, error_message, stack_trace, fingerprint)"
                        + " values (?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond', ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (processor, process_key) do nothing",
                processor,
                processKey,
                (parked ? Status.PARKED : Status.RETRYING).name(),
                failure.counts() ? 1 : 0,
                policy.waitAfter(1, processKey).toMillis(),
                failure.position(),
                failure.eventId(),
                failure.eventType(),
                failure.errorClass(),
                failure.message(),
                failure.stackTrace(),
                failure.fingerprint());
        if (inserted == 0) {
            throw new ConcurrencyException("Process " + processKey + " was set aside in " + processor
                    + " by two at once. Its events are probably not all in one segment: the keys of the processor's"
                    + " sequencing policy must have the same hash code in every JVM");
        }
    }

    /** Queues events behind what is there. Requires {@link #hold} or {@link #setAside} in the same transaction. */
    void enqueue(String processor, Map<String, ? extends Collection<QueuedEvent>> events) {
        events.forEach((processKey, queued) -> jdbc.batchUpdate(
                "insert into farandole.parked_event (processor, process_key, position, replayed) values (?, ?, ?, ?)",
                queued,
                100,
                (statement, event) -> {
                    statement.setString(1, processor);
                    statement.setString(2, processKey);
                    statement.setLong(3, event.position());
                    statement.setBoolean(4, event.replayed());
                }));
    }

    /**
     * Takes the queue that is due longest. {@code skip locked}: a queue that another worker handles is left to it.
     * The head is read by a statement of its own, hence after the lock, with all that its former holder committed. It also takes
     * the advisory lock by which {@link DecisionTable} tells that somebody is at the process; shared, so that it waits for nobody.
     */
    Optional<Claim> claimDue(Collection<String> processors) {
        List<Claim> claimed = jdbc.query(
                connection -> withProcessors(
                        connection.prepareStatement(
                                "select processor, process_key, attempts, decision_id from farandole.parked_process"
                                        + " where processor = any (?) and status = 'RETRYING' and next_attempt_at <= clock_timestamp()"
                                        + " order by next_attempt_at limit 1 for no key update skip locked"),
                        processors),
                (row, index) -> new Claim(row.getString(1), row.getString(2), row.getInt(3), row.getString(4), null));
        return claimed.stream().findFirst().map(claim -> {
            List<QueuedEvent> heads = jdbc.query(
                    "select position, replayed, pg_advisory_xact_lock_shared(hashtextextended(processor || e'\\n' ||"
                            + " process_key, 0)) from farandole.parked_event where processor = ? and process_key = ?"
                            + " order by position limit 1",
                    (row, index) -> new QueuedEvent(row.getLong(1), row.getBoolean(2)),
                    claim.processor(),
                    claim.processKey());
            return new Claim(
                    claim.processor(),
                    claim.processKey(),
                    claim.attempts(),
                    claim.decisionId(),
                    heads.isEmpty() ? null : heads.get(0));
        });
    }

    /** Takes the handled head out of a claimed queue, in the transaction that holds its effects; the next is due at once. */
    void advance(Claim claim, long position) {
        int deleted = jdbc.update(
                "delete from farandole.parked_event where processor = ? and process_key = ? and position = ?",
                claim.processor(),
                claim.processKey(),
                position);
        if (deleted != 1) {
            throw new ConcurrencyException("Event at " + position + " of process " + claim.processKey() + " in "
                    + claim.processor() + " has left the queue while it was handled; nothing of this attempt is kept");
        }
        if (claim.attempts() > 0 || claim.decisionId() != null) {
            jdbc.update(
                    "update farandole.parked_process set attempts = 0, decision_id = null, next_attempt_at = clock_timestamp()"
                            + " where processor = ? and process_key = ?",
                    claim.processor(),
                    claim.processKey());
        }
    }

    /**
     * Ends a queue if nothing waits in it, in a transaction of its own in which nothing else is held. {@code for update}
     * meets the processor's {@code for key share}: while a processor's transaction is about to queue something, the row
     * is skipped and stays for the next round. The emptiness is asked by the second statement, with a snapshot that is
     * younger than the lock, so it sees whatever was queued before. The foreign key would refuse the deletion otherwise.
     *
     * @return whether the process is free again
     */
    boolean end(String processor, String processKey) {
        List<Integer> locked = jdbc.query(
                "select 1 from farandole.parked_process where processor = ? and process_key = ? for update skip locked",
                (row, index) -> row.getInt(1),
                processor,
                processKey);
        return !locked.isEmpty()
                && jdbc.update(
                                "delete from farandole.parked_process p where processor = ? and process_key = ? and not exists"
                                        + " (select from farandole.parked_event e"
                                        + " where e.processor = p.processor and e.process_key = p.process_key)",
                                processor,
                                processKey)
                        == 1;
    }

    /**
     * Records a failed attempt at the head of a queue; ignored if the queue has moved on since the claim (another worker
     * may have got in between the roll-back and this, or a person who decided something else).
     *
     * @return the status now; empty if ignored
     */
    Optional<Status> failed(Claim claim, Failure failure, RetryPolicy policy) {
        int attempts = claim.attempts() + (failure.counts() ? 1 : 0);
        Status status = attempts >= policy.attempts() ? Status.PARKED : Status.RETRYING;
        int updated = jdbc.update(
                "update farandole.parked_process p set status = ?, attempts = ?,"
                        + " next_attempt_at = clock_timestamp() + ? * interval '1 millisecond', last_failed_at = clock_timestamp(),"
                        + " failed_position = ?, failed_event_id = ?, failed_event_type = ?,"
                        + " error_class = ?, error_message = ?, stack_trace = ?, fingerprint = ?"
                        + " where processor = ? and process_key = ? and attempts = ? and decision_id is not distinct from ?"
                        + " and status = 'RETRYING' and ? ="
                        + " (select min(position) from farandole.parked_event e"
                        + " where e.processor = p.processor and e.process_key = p.process_key)",
                status.name(),
                attempts,
                policy.waitAfter(
                                failure.counts() ? attempts : Math.max(UNCOUNTED_BACKOFF, attempts), claim.processKey())
                        .toMillis(),
                failure.position(),
                failure.eventId(),
                failure.eventType(),
                failure.errorClass(),
                failure.message(),
                failure.stackTrace(),
                failure.fingerprint(),
                claim.processor(),
                claim.processKey(),
                claim.attempts(),
                claim.decisionId(),
                failure.position());
        if (updated == 1 && claim.decisionId() != null) {
            jdbc.update(
                    "update farandole.parked_decision set failed_attempts = ? where decision_id = ?",
                    attempts,
                    claim.decisionId());
        }
        return updated == 1 ? Optional.of(status) : Optional.empty();
    }

    /**
     * What a worker has to do next.
     *
     * @param queue milliseconds until the next queue is due, 0 or less if one is; null if none is being retried
     * @param group the same of retries of groups
     */
    record Due(@Nullable Long queue, @Nullable Long group) {

        /** Whether it is time. */
        static boolean isNow(@Nullable Long wait) {
            return wait != null && wait <= 0;
        }
    }

    /** One round trip. */
    Due nextDue(Collection<String> processors) {
        // Null if there is none: not wrapped into greatest(), which ignores nulls.
        List<Due> due = jdbc.query(
                connection -> withProcessors(
                        connection.prepareStatement("select ceil(extract(epoch from min(next_attempt_at)"
                                + " - clock_timestamp()) * 1000)::bigint, (select ceil(extract(epoch from min(g.next_at)"
                                + " - clock_timestamp()) * 1000)::bigint from farandole.parked_group_retry g"
                                + " where g.state = 'RUNNING') from farandole.parked_process"
                                + " where processor = any (?) and status = 'RETRYING'"),
                        processors),
                (row, index) -> new Due(row.getObject(1, Long.class), row.getObject(2, Long.class)));
        return due.get(0);
    }

    /** Forgets all queues of a processor that starts all over: a replay brings their events again. */
    void forget(String processor) {
        jdbc.query(
                "select 1 from farandole.parked_process where processor = ? order by process_key for update",
                (row, index) -> row.getInt(1),
                processor);
        jdbc.update(
                "update farandole.parked_decision d set state = 'SUPERSEDED', ended_at = clock_timestamp()"
                        + " from farandole.parked_process p where p.processor = ? and d.decision_id = p.decision_id",
                processor);
        jdbc.update("delete from farandole.parked_event where processor = ?", processor);
        jdbc.update("delete from farandole.parked_process where processor = ?", processor);
    }

    private static PreparedStatement withProcessors(PreparedStatement statement, Collection<String> processors)
            throws SQLException {
        statement.setArray(1, statement.getConnection().createArrayOf("text", processors.toArray()));
        return statement;
    }
}
