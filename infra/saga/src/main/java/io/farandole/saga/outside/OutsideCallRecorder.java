package io.farandole.saga.outside;

import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.failpoint.Failpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread records the results of calls: it takes what is waiting, at most {@link #BATCH} at a time, closes these calls and
 * sends their commands in one unit of work and one transaction. So a result that comes alone is recorded at once, and under
 * load a commit and a round trip serve many.
 *
 * <p>If anything in a batch fails, nothing of it has happened, and each of its results is recorded by itself: a command that
 * is refused holds nobody else back, and is counted and kept as {@link OutsideCalls} says.
 *
 * <p>Where the database cannot be reached at all, the results of the batch are left to their calls' leases, after one attempt
 * and not after one for each; the calls are made again then, under the same keys.
 */
final class OutsideCallRecorder implements AutoCloseable {

    static final int BATCH = 64;
    private static final int WAITING_AT_MOST = 4 * BATCH;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 200;
    private static final Logger log = LoggerFactory.getLogger(OutsideCallRecorder.class);

    private final OutsideCallStore store;
    private final TransactionManager transactions;
    private final CommandBus commands;
    private final JsonCodec codec;
    private final OutsideCallSettings settings;
    private final OutsideCallObserver observer;
    private final Consumer<Duration> wakeIn;
    private final BlockingQueue<Recording> waiting = new LinkedBlockingQueue<>(WAITING_AT_MOST);
    private volatile boolean running;
    private @Nullable Thread thread;

    /** Results are recorded through these; {@code wakeIn} hears how soon to look for calls that must be looked at again. */
    OutsideCallRecorder(
            OutsideCallStore store,
            TransactionManager transactions,
            CommandBus commands,
            JsonCodec codec,
            OutsideCallSettings settings,
            OutsideCallObserver observer,
            Consumer<Duration> wakeIn) {
        this.store = store;
        this.transactions = transactions;
        this.commands = commands;
        this.codec = codec;
        this.settings = settings;
        this.observer = observer;
        this.wakeIn = wakeIn;
    }

    /** A call's outcome: as it is stored, and the command that tells the context of it. */
    record Recording(OutsideCallStore.Claim claim, String result, Supplier<Object> command) {}

    synchronized void start() {
        if (thread == null) {
            running = true;
            thread = new Thread(this::work, "outside-call-results");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Hands a result over; waits while too many are waiting. Not to be called after {@link #close}.
     *
     * <p>A thread that is interrupted, as at shutdown, hands over nevertheless if there is room: an answer that has come is not
     * thrown away.
     *
     * @throws InterruptedException if it was interrupted and would have had to wait; the call is then left to its lease
     */
    void record(Recording recording) throws InterruptedException {
        if (!waiting.offer(recording)) {
            waiting.put(recording);
        }
    }

    /** Records what was handed over, and ends; what takes longer than a few seconds is left to its lease. */
    @Override
    public synchronized void close() {
        running = false;
        Thread recorder = thread;
        if (recorder == null) {
            return;
        }
        try {
            recorder.join(GRACE.toMillis());
            if (recorder.isAlive()) {
                recorder.interrupt();
                recorder.join(GRACE.toMillis());
            }
        } catch (InterruptedException e) {
            recorder.interrupt();
            Thread.currentThread().interrupt();
        }
        if (!waiting.isEmpty()) {
            log.warn("{} results of outside calls were not recorded; the calls are made again later", waiting.size());
        }
    }

    private void work() {
        List<Recording> batch = new ArrayList<>(BATCH);
        try {
            while (running || !waiting.isEmpty()) {
                Recording first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    recordAll(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void recordAll(List<Recording> batch) {
        if (batch.size() > 1) {
            try {
                Set<Long> closed = close(batch);
                batch.forEach(recording -> closed(recording, closed));
                return;
            } catch (RuntimeException | Error e) {
                log.debug("{} results could not be recorded together; now one by one", batch.size(), e);
            }
        }
        for (int i = 0; i < batch.size(); i++) {
            try {
                recordAlone(batch.get(i));
            } catch (RuntimeException e) {
                // Neither recorded nor kept: the database is away, as it will be for the others.
                log.warn(
                        "The results of {} outside calls, from {} of process {} on, could be neither recorded nor kept;"
                                + " the calls are made again when their leases have run out",
                        batch.size() - i,
                        batch.get(i).claim().idempotencyKey(),
                        batch.get(i).claim().processKey(),
                        e);
                return;
            } catch (Error e) {
                // The thread lives on, whatever a command handler throws: nobody else would record results.
                log.error(
                        "The result of outside call {} of process {} is left to its lease",
                        batch.get(i).claim().idempotencyKey(),
                        batch.get(i).claim().processKey(),
                        e);
            }
        }
    }

    private void recordAlone(Recording recording) {
        try {
            closed(recording, close(List.of(recording)));
        } catch (RuntimeException e) {
            keep(recording, e);
        }
    }

    private void closed(Recording recording, Set<Long> closed) {
        OutsideCallStore.Claim claim = recording.claim();
        if (closed.contains(claim.id())) {
            observer.recorded(claim.kind());
            return;
        }
        observer.overtaken(claim.kind());
        log.warn(
                "Outside call {} of process {} took longer than its lease and was taken over; the result of claim {} is not"
                        + " recorded",
                claim.idempotencyKey(),
                claim.processKey(),
                claim.claim());
    }

    private void keep(Recording recording, RuntimeException failure) {
        OutsideCallStore.Claim claim = recording.claim();
        boolean counts = !TransientFailures.isTransient(failure);
        boolean giveUp = counts && claim.recordAttempts() + 1 >= settings.recordAttempts();
        Duration delay = settings.of(claim.kind()).backoff(claim.recordAttempts() + 1);
        String error = OutsideCallAttempt.describe(failure);
        store.keepResult(claim, recording.result(), error, counts, delay, giveUp);
        observer.recordFailed(claim.kind(), giveUp);
        if (giveUp) {
            log.error(
                    "The result of outside call {} of process {} was refused {} times and is set aside as FAILED",
                    claim.idempotencyKey(),
                    claim.processKey(),
                    claim.recordAttempts() + 1,
                    failure);
            return;
        }
        log.warn(
                "The result of outside call {} of process {} could not be recorded; again in {}: {}",
                claim.idempotencyKey(),
                claim.processKey(),
                delay,
                error);
        wakeIn.accept(delay);
    }

    /**
     * Closes the calls and sends their commands in one unit of work and transaction. The unit of work is the root, so that
     * the aggregates' locks are held until the commit. Two of them that wait for each other's aggregates are told apart by
     * Axon's lock, which throws, as a transient failure.
     *
     * @return the ids of those whose claim still held; of the others nothing was done
     */
    private Set<Long> close(List<Recording> batch) {
        UnitOfWork<GenericMessage<String>> unit =
                DefaultUnitOfWork.startAndGet(new GenericMessage<>("results of outside calls"));
        unit.attachTransaction(transactions);
        ResultMessage<Set<Long>> outcome = unit.executeWithResult(() -> {
            unit.onCommit(committing -> Failpoint.OUTSIDE_RESULT_WRITTEN.reached());
            Set<Long> closed = store.close(batch);
            for (Recording recording : batch) {
                if (closed.contains(recording.claim().id())) {
                    dispatch(GenericCommandMessage.asCommandMessage(
                                    recording.command().get())
                            .andMetaData(metadata(recording.claim())));
                }
            }
            return closed;
        });
        if (outcome.isExceptional()) {
            throw propagate(outcome.exceptionResult());
        }
        Failpoint.OUTSIDE_RESULT_COMMITTED.reached();
        return outcome.getPayload();
    }

    private void dispatch(CommandMessage<Object> command) {
        AtomicReference<CommandResultMessage<?>> answer = new AtomicReference<>();
        commands.dispatch(command, (message, result) -> answer.set(result));
        CommandResultMessage<?> result = answer.get();
        if (result == null) {
            throw new IllegalStateException("The command bus did not answer " + command.getCommandName()
                    + " on the calling thread: outside calls need one that does, such as SimpleCommandBus, because the"
                    + " command belongs to the transaction that closes the call");
        }
        if (result.isExceptional()) {
            throw propagate(result.exceptionResult());
        }
    }

    private Map<String, Object> metadata(OutsideCallStore.Claim claim) {
        Map<String, Object> metadata = new HashMap<>();
        codec.readTree(claim.metadata())
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString()));
        return metadata;
    }

    private static RuntimeException propagate(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException("Recording the result failed", failure);
    }
}
