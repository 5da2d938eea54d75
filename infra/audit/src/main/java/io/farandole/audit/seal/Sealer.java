package io.farandole.audit.seal;

import io.farandole.eventstore.Journal;
import io.farandole.verifier.RowHashes;
import io.farandole.verifier.Seal;
import io.farandole.verifier.SealedBatch;
import io.farandole.verifier.SealedJournal;
import io.farandole.verifier.StoredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the journal, in the background and after the fact: whoever appends neither waits for it nor does anything for it.
 *
 * <p>Every instance of a context has one. A batch is one transaction: take the lock that lets one instance seal, read the newest
 * seal and the settled rows behind it, append the next seal. Whatever ends that transaction, the chain is as it was before or
 * one link longer; and a seal that does not continue the chain is refused by the database.
 *
 * <p>What was there before sealing was switched on is sealed from the beginning; a sealer that is behind rests as long
 * as it works.
 *
 * <p>{@link #seal} and {@link #state} are safe for use by several threads.
 */
public final class Sealer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Sealer.class);

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_SECONDS = 10;

    private final Journal journal;
    private final DataSource dataSource;
    private final SealSettings settings;
    private final @Nullable Checkpoints checkpoints;

    /** One round at a time in this instance. */
    private final ReentrantLock round = new ReentrantLock();

    private final ReentrantLock stopping = new ReentrantLock();
    private final Condition stopped = stopping.newCondition();
    private boolean stop;
    private @Nullable Thread thread;

    private volatile @Nullable Seal last;
    private volatile Checkpoints.Stored stored = new Checkpoints.Stored(0, 0, 0, null);
    private volatile @Nullable String problem;
    private volatile boolean checkpointDue = true;
    private long loggedAt = System.nanoTime();

    /**
     * A sealer at rest.
     *
     * @param dataSource connects to the journal's database as the runtime role
     * @param checkpoints null where none are made
     */
    public Sealer(Journal journal, DataSource dataSource, SealSettings settings, @Nullable Checkpoints checkpoints) {
        this.journal = journal;
        this.dataSource = dataSource;
        this.settings = settings;
        this.checkpoints = checkpoints;
    }

    /** Begins to seal, on a thread of its own. Does nothing if it has begun. */
    public void start() {
        stopping.lock();
        try {
            if (thread == null && !stop) {
                Thread started = new Thread(this::run, "farandole-sealer");
                started.setDaemon(true);
                started.start();
                thread = started;
                if (checkpoints == null) {
                    log.warn(
                            "The journal of {} is sealed without checkpoints: whoever administers the database could make all"
                                    + " seals anew. Set farandole.audit.seal.signing-key and .checkpoints to have them signed",
                            journal.context());
                }
            }
        } finally {
            stopping.unlock();
        }
    }

    /** Stops; waits 10 s at most for a batch that is under way. */
    @Override
    public void close() {
        Thread running;
        stopping.lock();
        try {
            stop = true;
            running = thread;
            stopped.signalAll();
        } finally {
            stopping.unlock();
        }
        if (running == null) {
            return;
        }
        try {
            running.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether checkpoints are made. */
    public boolean hasCheckpoints() {
        return checkpoints != null;
    }

    /** How far it is. */
    public SealState state() {
        Seal newest = last;
        Checkpoints.Stored now = stored;
        long sealedUpTo = newest == null ? 0 : newest.upTo();
        return new SealState(
                newest == null ? 0 : newest.number(),
                sealedUpTo,
                newest == null ? null : newest.sealedAt(),
                Math.max(0, journal.tailPosition() - sealedUpTo),
                now.made(),
                now.position(),
                now.unstored(),
                problem != null ? problem : now.problem());
    }

    /**
     * Seals all that is settled now and makes a checkpoint of it if one is due; what another instance is sealing at the moment
     * is left to it.
     *
     * @throws SQLException if the database cannot be reached, or refuses
     */
    public SealState seal() throws SQLException {
        round.lock();
        try {
            long settled = journal.settledUpTo();
            boolean more = true;
            while (more && !stopping()) {
                more = sealBatch(settled) == Outcome.FULL;
            }
            checkpoint();
            return state();
        } finally {
            round.unlock();
        }
    }

    private enum Outcome {
        NOT_MINE,
        NOTHING,
        SOME,
        FULL
    }

    private void run() {
        long asked = System.nanoTime() - settings.every().toNanos();
        long tick = Math.min(TICK_NANOS, settings.every().toNanos());
        while (!stopping()) {
            Seal newest = last;
            long behind = journal.tailPosition() - (newest == null ? 0 : newest.upTo());
            boolean late = System.nanoTime() - asked >= settings.every().toNanos();
            if (behind >= settings.atMost() || (late && (behind != 0 || newest == null || checkpointDue))) {
                asked = System.nanoTime();
                round();
            }
            rest(tick);
        }
    }

    /** A round of the background: tells what fails, and tries again with the next. */
    private void round() {
        round.lock();
        try {
            long settled = journal.settledUpTo();
            Outcome outcome = Outcome.FULL;
            while (outcome == Outcome.FULL && !stopping()) {
                long began = System.nanoTime();
                outcome = sealBatch(settled);
                if (outcome == Outcome.FULL) {
                    tellProgress(settled);
                    rest(System.nanoTime() - began);
                }
            }
            checkpoint();
        } catch (SQLException | RuntimeException e) {
            tell("The journal cannot be sealed at the moment; trying again every " + settings.every(), e);
        } finally {
            round.unlock();
        }
    }

    private void tellProgress(long settled) {
        Seal newest = last;
        if (newest != null && settled > newest.upTo() && System.nanoTime() - loggedAt > LOG_NANOS) {
            loggedAt = System.nanoTime();
            log.info("Sealing the journal of {}: at position {} of {}", journal.context(), newest.upTo(), settled);
        }
    }

    /** The next seal, if there are rows for it. */
    private Outcome sealBatch(long settled) throws SQLException {
        Seal[] appended = new Seal[1];
        try (Connection connection = dataSource.getConnection()) {
            Outcome outcome = inTransaction(connection, () -> {
                SealStatements.Begun begun = SealStatements.begin(connection);
                // A statement of its own, after the lock was taken: it sees what the one that held it has committed.
                SealedJournal sealed = new SealedJournal(connection);
                Seal newest = sealed.lastSeal();
                last = newest;
                if (!begun.mine() || isRefused(newest, begun.newest())) {
                    return Outcome.NOT_MINE;
                }
                long after = newest == null ? 0 : newest.upTo();
                if (settled <= after) {
                    return Outcome.NOTHING;
                }
                RowHashes rows = new RowHashes();
                sealed.rows(after, settled, settings.atMost(), rows::add);
                if (rows.count() == 0) {
                    return Outcome.NOTHING;
                }
                SealedBatch next = rows.sealed(journal.context(), newest, begun.now());
                SealStatements.append(connection, next);
                appended[0] = next.seal();
                return rows.count() == settings.atMost() ? Outcome.FULL : Outcome.SOME;
            });
            if (appended[0] != null) {
                last = appended[0];
            }
            return outcome;
        }
    }

    /** Whether the chain cannot be continued; says so. */
    private boolean isRefused(@Nullable Seal newest, long journalEnd) {
        if (newest == null) {
            problem = null;
            return false;
        }
        String found = null;
        if (journalEnd < newest.upTo()) {
            found = "The journal ends at position " + journalEnd + " and was sealed up to " + newest.upTo()
                    + ": its end was removed. Run the verifier, and restore the database";
        } else if (newest.form() > StoredRow.FORM) {
            found = "The journal is sealed by a newer release, in form " + newest.form()
                    + ". This instance leaves it to the others; update it";
        } else if (!newest.context().equals(journal.context())) {
            found = "The journal is sealed as that of " + newest.context() + ", and this is " + journal.context()
                    + ": were two databases exchanged?";
        } else if (!newest.genuine()) {
            found = "Seal " + newest.number() + " was edited. Run the verifier";
        }
        if (found != null && !found.equals(problem)) {
            log.error("{}", found);
        }
        problem = found;
        return found != null;
    }

    private void checkpoint() throws SQLException {
        Checkpoints making = checkpoints;
        Seal newest = last;
        if (making == null || newest == null) {
            checkpointDue = false;
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            inTransaction(connection, () -> {
                SealStatements.Begun begun = SealStatements.begin(connection);
                Seal seal = new SealedJournal(connection).lastSeal();
                return begun.mine()
                        && problem == null
                        && seal != null
                        && making.make(connection, seal, begun.now(), settings.checkpointEvery());
            });
            connection.setAutoCommit(true);
            Checkpoints.Stored now = making.store(connection);
            String before = stored.problem();
            stored = now;
            if (now.problem() != null && !now.problem().equals(before)) {
                log.warn("{}", now.problem());
            } else if (now.problem() == null && before != null) {
                log.info("Checkpoints of {} are stored again", journal.context());
            }
            checkpointDue = now.unstored() > 0 || now.position() < newest.upTo();
        }
    }

    private void tell(String what, Exception failure) {
        if (stopping()) {
            log.debug("Sealing ended with {}", failure.toString());
            return;
        }
        String told = what + " (" + failure + ")";
        if (!told.equals(problem)) {
            log.warn("{}", what, failure);
        }
        problem = told;
    }

    private boolean stopping() {
        stopping.lock();
        try {
            return stop;
        } finally {
            stopping.unlock();
        }
    }

    private void rest(long nanos) {
        stopping.lock();
        try {
            long left = nanos;
            while (!stop && left > 0) {
                left = stopped.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            stop = true;
            Thread.currentThread().interrupt();
        } finally {
            stopping.unlock();
        }
    }

    /** At READ COMMITTED, so that each statement sees what was committed before it. */
    private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBack(connection);
            }
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("The transaction ended with its session", e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }
}
