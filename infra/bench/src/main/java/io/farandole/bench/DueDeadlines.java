package io.farandole.bench;

import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.DeadlineSettings;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.testservers.PostgresServer;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Deadlines of sagas that are all due when the watch starts: how many per second become events of the journal, with the settings
 * that a service has where nothing is configured. What the sagas do then is not part of it. Used by one thread.
 */
final class DueDeadlines implements AutoCloseable {

    private static final int AT_ONCE = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long LOOK_NANOS = 20_000_000;

    private final OpenJournal journal;
    private final JdbcTemplate jdbc;

    DueDeadlines(PostgresServer server) throws SQLException {
        this.journal = new OpenJournal(server, "bench");
        this.jdbc = journal.admin();
    }

    /**
     * Schedules so many, and has them pass.
     *
     * @return deadlines per second, from the start of the watch until the last is in the journal
     * @throws VoidRunException if one was lost, or passed twice
     */
    double perSecond(int deadlines) {
        List<String> scheduled;
        Instant started;
        try (JournalDeadlines watch = new JournalDeadlines(
                journal.pool(),
                journal.transactions(),
                journal.store(RegistrySerializer.of(DeadlinePassed.TYPES)),
                DeadlinePassed.TYPES,
                new JsonCodec(),
                DeadlineSettings.DEFAULTS,
                Clock.systemUTC())) {
            scheduled = schedule(watch, deadlines);
            jdbc.execute("vacuum (analyze) farandole.scheduled_tasks");
            started = now();
            watch.start();
            awaitNone(deadlines);
        }
        check(scheduled, started);
        return deadlines / (Duration.between(started, lastPassed()).toNanos() / 1e9);
    }

    private List<String> schedule(JournalDeadlines watch, int deadlines) {
        Instant due = Instant.now();
        List<String> ids = new ArrayList<>(deadlines);
        while (ids.size() < deadlines) {
            int more = Math.min(AT_ONCE, deadlines - ids.size());
            journal.transact(() -> {
                for (int i = 0; i < more; i++) {
                    ids.add(watch.schedule(
                            due, "bench-time-limit", null, new SagaScopeDescriptor("Bench", "order-" + ids.size())));
                }
            });
        }
        return ids;
    }

    private void awaitNone(int deadlines) {
        long start = System.nanoTime();
        while (Boolean.TRUE.equals(
                jdbc.queryForObject("select exists (select from farandole.scheduled_tasks)", Boolean.class))) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "Not all of " + deadlines + " deadlines passed in " + PATIENCE.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void check(List<String> scheduled, Instant started) {
        List<String> passed = jdbc.queryForList(
                "select aggregate_id from farandole.journal where own and payload_type = 'farandole.deadline-passed'"
                        + " and recorded_at >= ?",
                String.class,
                Timestamp.from(started));
        VoidRunException.ifAny("deadlines", faults(scheduled, passed));
    }

    /** What is wrong where these were scheduled and those passed; empty if nothing is. */
    static List<String> faults(List<String> scheduled, List<String> passed) {
        Set<String> once = new HashSet<>(passed);
        Set<String> lost = new HashSet<>(scheduled);
        lost.removeAll(once);
        Set<String> unknown = new HashSet<>(once);
        unknown.removeAll(new HashSet<>(scheduled));
        List<String> faults = new ArrayList<>();
        if (!lost.isEmpty()) {
            faults.add(lost.size() + " deadlines were lost");
        }
        if (once.size() < passed.size()) {
            faults.add(passed.size() - once.size() + " deadlines passed twice");
        }
        if (!unknown.isEmpty()) {
            faults.add(unknown.size() + " deadlines passed that nobody scheduled");
        }
        return faults;
    }

    private Instant now() {
        return instant("select clock_timestamp()");
    }

    private Instant lastPassed() {
        return instant("select max(passed_at) from farandole.passed_deadline");
    }

    private Instant instant(String query) {
        Timestamp time = jdbc.queryForObject(query, Timestamp.class);
        if (time == null) {
            throw new IllegalStateException("No time: " + query);
        }
        return time.toInstant();
    }

    @Override
    public void close() {
        journal.close();
    }
}
