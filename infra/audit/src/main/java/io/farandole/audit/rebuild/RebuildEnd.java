package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.EventReplay.Count;
import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.eventstore.JournalRow;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The last transaction of a rebuild or a comparison: the copy is brought to the position of the live tables, and compared with them.
 *
 * <p><b>Where the live tables are.</b> Handlers that run in the commands' transactions write their rows with the events; handlers that
 * follow the journal, with their tokens. So whatever one snapshot shows of the journal (or of the tokens) is just what it shows in
 * the live tables. A comparison takes one snapshot for all (repeatable read): nobody waits, and live traffic makes no difference.
 *
 * <p><b>Putting it in.</b> The live tables are locked for this transaction, against readers too: a handler that has read a row and not yet
 * written it would overwrite what is put in, so all who have touched the tables must have ended first, and nobody may begin. Who
 * waits for the lock finds the new rows: PostgreSQL takes a statement's snapshot after its locks. A transaction that has not
 * touched the tables yet may have appended nothing that is handled already, for the handlers would have touched them.
 * Only rows that differ are written, as rows: grants, views, foreign keys of others, replication and kept plans are not touched, and
 * a reader with an older snapshot sees the older rows, all of them.
 */
final class RebuildEnd {

    private static final Logger log = LoggerFactory.getLogger(RebuildEnd.class);

    private final RebuildParts parts;
    private final Rebuild rebuild;
    private final Owners owners;
    private final ReadModelParts model;
    private final CopyTables copy;
    private final CopyBatch batch;
    private final String holder;

    RebuildEnd(
            RebuildParts parts,
            Rebuild rebuild,
            Owners owners,
            ReadModelParts model,
            CopyTables copy,
            CopyBatch batch,
            String holder) {
        this.parts = parts;
        this.rebuild = rebuild;
        this.owners = owners;
        this.model = model;
        this.copy = copy;
        this.batch = batch;
        this.holder = holder;
    }

    /** What the last transaction has found, and where the journal was; no difference if somebody else has ended it meanwhile. */
    private record Found(@Nullable Difference difference, long parked, Count count) {}

    /** False if it is to be gone on with later. */
    boolean end(List<Long> positions, BooleanSupplier stopping) {
        long deadline = System.nanoTime() + parts.settings().lockWithin().toNanos();
        for (long pause = 100; ; pause = Math.min(2 * pause, 2_000)) {
            try {
                return told(Objects.requireNonNull(
                        transaction().execute(status -> longLasting(() -> inOne(positions, status)))));
            } catch (RuntimeException e) {
                if (SqlFailure.of(e) == SqlFailure.DEFECT && e instanceof ReplayFailedException failed) {
                    throw batch.blamed(failed.rows, failed.thrown);
                }
                if (SqlFailure.of(e) != SqlFailure.CONFLICT) {
                    throw e;
                }
                log.info(
                        "{} {} of {} waits for the live tables: {}",
                        rebuild.purpose(),
                        rebuild.id(),
                        rebuild.readModel(),
                        e.toString());
                if (System.nanoTime() - deadline > 0) {
                    throw new RefusedException(
                            "The tables of " + rebuild.readModel() + " were in use all the time during "
                                    + parts.settings().lockWithin().toSeconds()
                                    + " s: end the transactions that have been open for long (pg_stat_activity), and start again",
                            e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            if (stopping.getAsBoolean()) {
                return false;
            }
        }
    }

    /** What came after the copy could not be handled; the event to blame is looked for once the transaction has ended. */
    private static final class ReplayFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient List<JournalRow> rows;
        private final Throwable thrown;

        ReplayFailedException(List<JournalRow> rows, Throwable thrown) {
            super(thrown);
            this.rows = rows;
            this.thrown = thrown;
        }
    }

    private TransactionTemplate transaction() {
        TransactionTemplate transaction = new TransactionTemplate(parts.transactions());
        if (rebuild.purpose() == Purpose.COMPARE) {
            transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        }
        return transaction;
    }

    /** Large tables take longer than the pool's time-outs allow; others' are not touched. */
    private Found longLasting(java.util.function.Supplier<Found> work) {
        int before = Objects.requireNonNull(parts.jdbc().execute((ConnectionCallback<Integer>) connection -> {
            int timeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, 0);
            return timeout;
        }));
        try {
            parts.jdbc().query("select set_config('statement_timeout', '0', true)", row -> {});
            return work.get();
        } finally {
            parts.jdbc().execute((Connection connection) -> {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
                return before;
            });
        }
    }

    private Found inOne(List<Long> positions, TransactionStatus status) {
        boolean putIn = rebuild.purpose() == Purpose.REBUILD;
        if (putIn) {
            lockTimeout(parts.settings().lockTimeout().toMillis());
            copy.lockLive();
            lockTimeout(TimeUnit.SECONDS.toMillis(10));
        }
        // Whoever still believes that the copy is theirs waits from here on, or has ended.
        List<Long> there = parts.jdbc()
                .queryForList(
                        "select position from farandole.rebuild_position where rebuild = ? order by part for update",
                        Long.class,
                        rebuild.id());
        if (!there.equals(positions)) {
            throw new CopyBatch.TakenOverException();
        }
        LivePositions live = model.handlers().isStreaming()
                ? LivePositions.ofProcessor(parts.jdbc(), rebuild.readModel())
                : LivePositions.OF_COMMANDS;
        long parked = parked();
        if (putIn && parked > 0) {
            throw new RefusedException(parked + " processes are set aside in " + rebuild.readModel()
                    + ", and would be handled twice: decide about them first (farandole parked list)");
        }
        long from = positions.stream().mapToLong(Long::longValue).min().orElseThrow();
        if (live.least() < from) {
            throw new RefusedException("Processor " + rebuild.readModel()
                    + " has been set back while it was replayed: start again when it has caught up");
        }
        long upTo = from;
        Count count = Count.NONE;
        while (true) {
            List<JournalRow> rows = model.visible(
                    parts.journal(), owners, upTo, live.most(), parts.settings().batch());
            if (rows.isEmpty()) {
                break;
            }
            try {
                count = count.plus(batch.within(rows, live, putIn, status));
            } catch (RuntimeException | Error e) {
                throw new ReplayFailedException(rows, e);
            }
            upTo = rows.get(rows.size() - 1).position();
        }
        Difference difference = copy.difference(upTo, parts.settings().examples());
        if (!putIn) {
            status.setRollbackOnly();
            return new Found(difference, parked, count);
        }
        copy.putIn();
        boolean mine = parts.table()
                .end(
                        rebuild.id(),
                        holder,
                        State.DONE,
                        RebuildRun.sentence(rebuild, difference, 0, unknown(count)),
                        difference,
                        upTo);
        if (!mine) {
            status.setRollbackOnly();
            return new Found(null, 0, Count.NONE);
        }
        return new Found(difference, 0, count);
    }

    private long unknown(Count last) {
        return last.unknown()
                + parts.table().find(rebuild.id()).map(Rebuild::unknownEvents).orElse(0L);
    }

    private void lockTimeout(long millis) {
        parts.jdbc().query("select set_config('lock_timeout', ?, true)", row -> {}, Long.toString(millis));
    }

    private long parked() {
        Long parked = parts.jdbc()
                .queryForObject(
                        "select count(*) from farandole.parked_process where processor = ?",
                        Long.class,
                        rebuild.readModel());
        return parked == null ? 0 : parked;
    }

    private boolean told(Found found) {
        Difference difference = found.difference();
        if (difference == null) {
            return false;
        }
        String sentence = RebuildRun.sentence(rebuild, difference, found.parked(), unknown(found.count()));
        log.info("{} {} by {} ({}): {}", rebuild.purpose(), rebuild.id(), rebuild.by(), rebuild.reason(), sentence);
        return rebuild.purpose() == Purpose.REBUILD
                || parts.table().end(rebuild.id(), holder, State.DONE, sentence, difference, difference.upTo());
    }
}
