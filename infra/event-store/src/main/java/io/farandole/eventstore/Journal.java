package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The journal of a context: what it did and what it heard, in one order.
 *
 * <p>Appends join Spring's current transaction, and are a transaction of their own where there is none. Gap-safe reads
 * never join: they need a fresh snapshot each, and use a connection of their own. They need the primary; a replica will
 * not do. Everything is safe for use by several threads.
 *
 * <p>One thread per journal follows its end while anybody is interested, and reads each row once for all streams and
 * the relay of this JVM; see {@link JournalSettings}.
 */
public final class Journal implements AutoCloseable {

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final JournalSettings settings;
    private final JdbcTemplate jdbc;
    private final GapJudge judge = new GapJudge();
    private final JournalTail tail;

    /** Whether some transactions are neither Spring's nor a statement's own, so that nobody tells of their commit. */
    private volatile boolean untold;

    /**
     * A journal in the schema {@code farandole} of a database that the migrations have been applied to.
     *
     * @param dataSource connects as the runtime role; the relay's lease keeps one of its connections
     */
    public Journal(DataSource dataSource, JournalSettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.jdbc = new JdbcTemplate(dataSource, true);
        this.tail = new JournalTail(this, settings);
    }

    /** The context whose journal it is. */
    public String context() {
        return settings.context();
    }

    /** How it is read. */
    public JournalSettings settings() {
        return settings;
    }

    /** Starts following the end of the journal, if that has not begun yet; it also begins with the first follower. */
    public void start() {
        tail.start();
    }

    /** Stops following; waits for the thread's end for 10 seconds at most. Appends and reads go on working. */
    @Override
    public void close() {
        tail.close();
    }

    /**
     * Appends own events in the order given, in one round trip.
     *
     * @return the position of the last one
     * @throws org.springframework.dao.DuplicateKeyException if an aggregate's sequence number or an event's id is taken
     * @throws org.springframework.dao.DataAccessException if the database refuses or cannot be reached
     */
    public long appendOwn(List<JournalEntry> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to append");
        }
        long[] last = new long[1];
        RoundTrip alone = new RoundTrip(jdbc);
        alone.add(new OwnAppend(
                context(),
                entries,
                (appended, connection) -> {
                    last[0] = appended.last();
                    tell(appended, connection);
                },
                failure -> null));
        alone.execute();
        return last[0];
    }

    /**
     * Appends own events at the end of the current unit of work, with what else it writes then; at once if there is none.
     *
     * @param refusal what a failure means, if it is this append's; null otherwise
     */
    void appendLast(List<JournalEntry> entries, Function<DataAccessException, @Nullable RuntimeException> refusal) {
        LastStatements.add(jdbc, new OwnAppend(context(), entries, this::tell, refusal));
    }

    /**
     * Appends received events in the order given, in one round trip; those that are here already stay as they are.
     *
     * @throws org.springframework.dao.DataAccessException if the database refuses or cannot be reached; nothing of the
     *     batch was stored
     */
    public Inbox.Receipt appendReceived(List<Envelope> batch) {
        if (batch.isEmpty()) {
            return new Inbox.Receipt(0, 0, List.of());
        }
        return joined(connection -> {
            JournalStatements.ReceivedBatch received = JournalStatements.appendReceived(connection, batch);
            if (received.receipt().appended() > 0) {
                tell(received.appended(), connection);
            }
            return received.receipt();
        });
    }

    /**
     * Reads own and received events after a position, in order, and never past a position that a live transaction may
     * still fill. An empty page means: nothing there yet, or {@link JournalPage#blocked}; a page that is not may be blocked behind its last row.
     *
     * @param limit at most so many rows; 1 or more
     * @throws org.springframework.dao.DataAccessException if the database cannot be reached
     */
    public JournalPage read(long after, int limit) {
        return alone(connection -> read(connection, after, limit));
    }

    private JournalPage read(Connection connection, long after, int limit) throws SQLException {
        long settled = judge.settled();
        List<JournalRow> rows = JournalStatements.read(connection, after, limit);
        int dense = dense(rows, after, settled);
        if (dense == 0 && !rows.isEmpty()) {
            // A full page means that we are behind: then one question settles all of the past, not a page of it.
            long seen =
                    rows.size() < limit ? rows.get(rows.size() - 1).position() : JournalStatements.newest(connection);
            long judged = judge.pursue(connection, seen);
            if (judged > settled) {
                rows = JournalStatements.read(connection, after, limit);
                dense = dense(rows, after, judged);
            }
        }
        List<JournalRow> readable = rows.subList(0, dense);
        return new JournalPage(
                readable, dense == 0 ? after : readable.get(dense - 1).position(), dense < rows.size());
    }

    /** How many rows come before the first gap that may still be filled. */
    private static int dense(List<JournalRow> rows, long after, long settled) {
        long previous = after;
        int count = 0;
        for (JournalRow row : rows) {
            if (row.position() != previous + 1 && row.position() - 1 > settled) {
                return count;
            }
            previous = row.position();
            count++;
        }
        return count;
    }

    /**
     * Reads own and received events that meet a condition, in order, as the current transaction sees them. Not gap-safe: for those
     * who know by a lock, a snapshot or a settled position that nothing they need can still appear between these rows.
     *
     * @param condition SQL over the journal's columns, as table {@code j}; never made of input
     * @param parameters of the condition
     * @param limit at most so many rows; 1 or more
     * @throws org.springframework.dao.DataAccessException if the database refuses or cannot be reached
     */
    public List<JournalRow> readVisible(String condition, List<?> parameters, int limit) {
        return joined(connection -> JournalStatements.readWhere(connection, condition, parameters, limit));
    }

    /** Reads published events between two positions, the upper one settled. */
    List<JournalRow> readPublished(long after, long upTo, int limit) {
        return alone(connection -> JournalStatements.readPublished(connection, after, upTo, limit));
    }

    /** Reads an aggregate's own events; joins the current transaction. */
    List<JournalRow> readAggregate(String aggregateId, long firstSequence, int limit) {
        return joined(connection -> JournalStatements.readAggregate(connection, aggregateId, firstSequence, limit));
    }

    /** The last sequence number of an aggregate; empty if it has no events. Joins the current transaction. */
    Optional<Long> lastSequence(String aggregateId) {
        return joined(connection -> Optional.ofNullable(JournalStatements.lastSequence(connection, aggregateId)));
    }

    /**
     * Which of these aggregates have changed: have events after the sequence number that is given for them. For whoever keeps
     * aggregates in memory. Joins the current transaction, and sees what others have committed by now; one round trip.
     */
    public Set<String> changedSince(Map<String, Long> sequences) {
        return sequences.isEmpty() ? Set.of() : joined(connection -> JournalStatements.changed(connection, sequences));
    }

    /** The highest visible position; what is below it need not be settled. */
    long newest() {
        return alone(JournalStatements::newest);
    }

    /**
     * The position of the newest event, once everything below it is settled: who follows from here on misses nothing that
     * commits later. Waits for the transactions that are appending at the moment, 10 seconds at most.
     *
     * @throws IllegalStateException if one of them takes longer
     */
    public long head() {
        return alone(this::settledHead);
    }

    private long settledHead(Connection connection) throws SQLException {
        long newest = JournalStatements.newest(connection);
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        long pause = 1_000_000;
        while (judge.pursue(connection, newest) < newest) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "The end of the journal of " + context() + " is not settled: transactions "
                                + JournalStatements.appenders(connection) + " have been appending for "
                                + SETTLE_LIMIT.toSeconds()
                                + " s. Find them by virtualtransaction in pg_locks, end them or wait, and try again");
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, 50_000_000);
        }
        return newest;
    }

    /**
     * A position up to which everything is settled: a snapshot that is taken after this call shows all rows up to there that
     * there will ever be. Does not wait: while transactions are appending it may be one that was told before, and rises with
     * the calls.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be reached
     */
    public long settledUpTo() {
        return alone(connection -> judge.pursue(connection, JournalStatements.newest(connection)));
    }

    /** The position before the first event that occurred at a time or later; the head if there is none yet. */
    long positionBefore(Instant time) {
        return alone(connection -> {
            long head = settledHead(connection);
            Long first = JournalStatements.firstSince(connection, time);
            return first == null ? head : Math.min(first - 1, head);
        });
    }

    /**
     * Calls back, from the journal's thread, soon after new events can be read, whichever JVM appended them. The callback
     * must be quick and must not throw.
     *
     * @return ends the registration
     */
    public AutoCloseable onAppend(Runnable callback) {
        JournalTail.Follower follower = callback::run;
        tail.follow(follower);
        return () -> tail.unfollow(follower);
    }

    /** Has the end of the journal read at once: for those who know of an append that this object did not make. */
    public void wake() {
        tail.wake();
    }

    /** The position up to which streams and relay can read from memory, without a query; -1 before the first read. */
    public long tailPosition() {
        return tail.head();
    }

    /** Why the end of the journal cannot be followed at the moment; empty while all is well. It is tried again by itself. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(tail.failure());
    }

    /** Gaps up to here are known to be dead in every snapshot taken from now on. */
    long settled() {
        return judge.settled();
    }

    /** A connection that nobody else uses, with autocommit; the caller closes it. */
    Connection dedicatedConnection() throws SQLException {
        Connection connection = target(dataSource).getConnection();
        connection.setAutoCommit(true);
        return connection;
    }

    JournalTail tail() {
        return tail;
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    /** Tells the tail of an append, after its commit. */
    private void tell(Appended appended, Connection connection) throws SQLException {
        boolean springs = TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
        if (springs) {
            tellAfterCommit(appended);
        } else if (connection.getAutoCommit()) {
            tail.committed(List.of(appended));
        } else {
            untold = true;
        }
    }

    private void tellAfterCommit(Appended appended) {
        for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
            if (synchronization instanceof Telling telling && telling.journal == this) {
                telling.appends.add(appended);
                return;
            }
        }
        TransactionSynchronizationManager.registerSynchronization(new Telling(this, appended));
    }

    /** Has the end of the journal read after a commit, if this journal may not have noticed the commit itself. */
    void wakeIfUntold() {
        if (untold) {
            tail.wake();
        }
    }

    /** Tells the tail what a transaction has appended, once, after its commit. Used by one thread. */
    private static final class Telling implements TransactionSynchronization {

        private final Journal journal;
        private final List<Appended> appends = new ArrayList<>();

        Telling(Journal journal, Appended first) {
            this.journal = journal;
            appends.add(first);
        }

        @Override
        public void afterCommit() {
            journal.tail.committed(appends);
        }
    }

    /** Work on the current transaction's connection. */
    <T> T joined(ConnectionCallback<T> work) {
        T result = jdbc.execute(work);
        if (result == null) {
            throw new IllegalStateException("The statement returned nothing");
        }
        return result;
    }

    /** Work on a connection outside of the current transaction: each statement has a snapshot of its own. */
    <T> T alone(SqlWork<T> work) {
        try (Connection connection = target(dataSource).getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try {
                return work.on(connection);
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    RuntimeException translated(SQLException e) {
        RuntimeException translated = jdbc.getExceptionTranslator().translate("journal of " + context(), null, e);
        return translated != null
                ? translated
                : new org.springframework.jdbc.UncategorizedSQLException("journal of " + context(), null, e);
    }

    /** A proxy that is aware of transactions would hand out the current transaction's connection. */
    static DataSource target(DataSource dataSource) {
        DataSource target = dataSource;
        while (target instanceof DelegatingDataSource delegating) {
            DataSource next = delegating.getTargetDataSource();
            if (next == null) {
                return target;
            }
            target = next;
        }
        return target;
    }

    /** What is done on a connection. */
    @FunctionalInterface
    interface SqlWork<T> {
        T on(Connection connection) throws SQLException;
    }
}
