package io.farandole.saga.outside;

import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Calls to systems outside: payment providers, mail servers, banks. A step {@linkplain #request requests} a call in its own
 * transaction; after the commit a worker makes the call with no transaction open, and records the result by a command in the one
 * transaction that also closes the call. Results that are known at the same time share a transaction.
 *
 * <p>As long as this process has places free, a call is claimed as it is requested, by the same insert. The others wait in the
 * table until a worker, here or elsewhere, claims them in a short transaction. Either way a claim is a lease: if the process dies,
 * another one makes the call when the lease has run out.
 *
 * <p>Guarantees: a request of a rolled-back step is never made; a committed one is made at least once, always under the same
 * idempotency key; its result is recorded once, also if the process dies at any point or a worker sleeps past its lease
 * (the claim's number is checked by the closing update). An unknown outcome is asked for again with exponential back-off
 * until the kind's time limit, then {@link OutsideCallHandler#onTimeLimit} is recorded. A known outcome is kept and never
 * asked for again, even if recording it fails.
 *
 * <p>The command bus must dispatch on the calling thread (Axon's {@code SimpleCommandBus}), because the command joins the
 * closing transaction. Thread-safe. Make one per context, {@link #start} it once, {@link #close} it at shutdown.
 */
public final class OutsideCalls implements AutoCloseable {

    private static final String STAGED = OutsideCalls.class.getName() + ".staged";

    private final OutsideCallStore store;
    private final JsonCodec codec;
    private final OutsideCallSettings settings;
    private final Map<String, OutsideCallHandler<?, ?>> handlers;
    private final OutsideCallWorker worker;
    private final @Nullable Consumer<OutsideCall> noted;

    /**
     * Outside calls over {@code farandole.outside_call}.
     *
     * @param dataSource the context's, the one that {@code transactions} manages
     * @param transactions Axon's view of the Spring transaction manager
     * @param commands where results are recorded
     * @throws IllegalArgumentException if two handlers have the same kind
     */
    public OutsideCalls(
            DataSource dataSource,
            TransactionManager transactions,
            CommandBus commands,
            JsonCodec codec,
            List<? extends OutsideCallHandler<?, ?>> handlers,
            OutsideCallSettings settings,
            OutsideCallObserver observer) {
        this(dataSource, transactions, commands, codec, handlers, settings, observer, null);
    }

    private OutsideCalls(
            DataSource dataSource,
            TransactionManager transactions,
            CommandBus commands,
            JsonCodec codec,
            List<? extends OutsideCallHandler<?, ?>> handlers,
            OutsideCallSettings configured,
            OutsideCallObserver observer,
            @Nullable Consumer<OutsideCall> noted) {
        this.noted = noted;
        this.store = new OutsideCallStore(dataSource);
        this.codec = codec;
        Map<String, OutsideCallHandler<?, ?>> byKind = new HashMap<>();
        for (OutsideCallHandler<?, ?> handler : handlers) {
            OutsideCallHandler<?, ?> other = byKind.put(handler.kind(), handler);
            if (other != null) {
                throw new IllegalArgumentException("Both " + other.getClass().getName() + " and "
                        + handler.getClass().getName() + " handle outside calls of kind '" + handler.kind() + "'");
            }
        }
        this.handlers = Map.copyOf(byKind);
        this.settings = configured.completedBy(handlers);
        OutsideCallRecorder recorder =
                new OutsideCallRecorder(store, transactions, commands, codec, settings, observer, this::lookIn);
        this.worker = new OutsideCallWorker(
                store,
                new OutsideCallAttempt(store, codec, this.handlers, settings, observer, recorder),
                recorder,
                this.handlers.keySet(),
                settings);
    }

    /**
     * Calls that are noted, whatever their kind, and neither stored nor made: for a replay. Nothing but {@link #request} can be asked of
     * them: there is no database.
     */
    public static OutsideCalls noting(Consumer<OutsideCall> noted) {
        return new OutsideCalls(
                new NoDatabase(),
                NoTransactionManager.instance(),
                SimpleCommandBus.builder().build(),
                new JsonCodec(),
                List.of(),
                OutsideCallSettings.DEFAULTS,
                OutsideCallObserver.NONE,
                noted);
    }

    /**
     * Requests a call, in the current transaction. In an Axon unit of work (a saga's or command handler's) all requests of
     * the unit are written together before it commits; outside of one, at once.
     *
     * @throws IllegalArgumentException if no handler is registered for the kind, or the request is not of its class
     * @throws IllegalStateException if there is neither a unit of work nor a transaction; or, when it is written, if the
     *     kind and key were requested before with another content
     */
    public void request(OutsideCall call) {
        if (noted != null) {
            noted.accept(call);
            return;
        }
        OutsideCallHandler<?, ?> handler = handlers.get(call.kind());
        if (handler == null) {
            throw new IllegalArgumentException("No OutsideCallHandler for kind '" + call.kind() + "' (known: "
                    + handlers.keySet() + "): declare one as a bean");
        }
        if (!handler.requestType().isInstance(call.request())) {
            throw new IllegalArgumentException("Outside calls of kind '" + call.kind() + "' take a "
                    + handler.requestType().getName() + ", not a "
                    + call.request().getClass().getName());
        }
        Duration timeLimit = call.timeLimit() == null ? settings.of(call.kind()).timeLimit() : call.timeLimit();
        OutsideCallStore.Request row = new OutsideCallStore.Request(
                call.kind(),
                call.processKey(),
                call.idempotencyKey(),
                codec.write(call.request()),
                codec.write(metadata(call.processKey())),
                timeLimit);
        if (CurrentUnitOfWork.isStarted()) {
            stage(CurrentUnitOfWork.get().root(), row);
        } else if (TransactionSynchronizationManager.isActualTransactionActive()) {
            write(List.of(row), false);
        } else {
            throw new IllegalStateException(
                    "An outside call is requested in the transaction of a step, and there is none: " + call);
        }
    }

    /** The kinds of calls that there is a handler for. */
    public Set<String> kinds() {
        return Set.copyOf(handlers.keySet());
    }

    /** Starts the worker; requests are stored before that, and made after it. */
    public void start() {
        worker.start();
    }

    /** Stops claiming, gives running calls a few seconds, interrupts the rest (they are made again later). */
    @Override
    public void close() {
        worker.close();
    }

    /** The calls of a process, oldest first. */
    public List<OutsideCallView> list(String processKey) {
        return store.ofProcess(processKey);
    }

    /** Calls in a status, oldest first, such as those that failed and wait for a person. */
    public List<OutsideCallView> list(OutsideCallView.Status status, int limit) {
        return store.byStatus(status, limit);
    }

    /**
     * Has the result of a {@code FAILED} call recorded again, with all its attempts.
     *
     * @return false if there is no failed call of that id
     */
    public boolean retry(long id) {
        boolean found = store.retry(id);
        worker.wakeUp();
        return found;
    }

    /**
     * Deletes calls that were closed longer ago than the retention.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(int limit) {
        return store.purge(settings.retention(), limit);
    }

    private void lookIn(Duration delay) {
        worker.wakeIn(delay);
    }

    private void stage(UnitOfWork<?> unit, OutsideCallStore.Request row) {
        List<OutsideCallStore.Request> staged = unit.getOrComputeResource(key(), k -> {
            unit.onPrepareCommit(u -> flush(unit));
            return new ArrayList<>();
        });
        if (staged.isEmpty() && unit.phase().isAfter(UnitOfWork.Phase.STARTED)) {
            unit.onPrepareCommit(u -> flush(unit));
        }
        for (OutsideCallStore.Request other : staged) {
            if (other.isSameCallAs(row)) {
                if (!other.hasContentOf(row)) {
                    throw new IllegalStateException("Outside call " + row.kind() + " " + row.idempotencyKey()
                            + " is requested twice in one step, with different content");
                }
                return;
            }
        }
        staged.add(row);
    }

    private void flush(UnitOfWork<?> unit) {
        List<OutsideCallStore.Request> staged = unit.getResource(key());
        if (!staged.isEmpty()) {
            List<OutsideCallStore.Request> batch = List.copyOf(staged);
            staged.clear();
            write(batch, true);
        }
    }

    /**
     * Writes requests, and, where the commit follows at once, claims those that there is a place for: in a transaction that goes
     * on for long a lease would have run out before anybody else could see it.
     */
    private void write(List<OutsideCallStore.Request> batch, boolean committing) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "Outside calls are requested in a unit of work without a transaction of this"
                            + " database: give the command bus and the processors the Spring transaction manager");
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            store.insert(batch, Map.of(), claims -> {});
            return;
        }
        Claimed claimed = new Claimed(worker);
        // Before the insert, which may fail: places are given back at the end of the transaction, however it ends.
        TransactionSynchronizationManager.registerSynchronization(claimed);
        Map<OutsideCallStore.Request, Duration> leases = new HashMap<>();
        for (OutsideCallStore.Request request : batch) {
            if (committing && claimed.takePlace(request.kind())) {
                leases.put(request, settings.of(request.kind()).lease());
            }
        }
        store.insert(batch, leases, claims -> claimed.claims = claims);
        claimed.othersWait = leases.size() < batch.size();
    }

    /** Has calls made that were claimed as they were requested, once that has committed. Used by one thread. */
    private static final class Claimed implements TransactionSynchronization {

        private final OutsideCallWorker worker;
        private final List<String> places = new ArrayList<>();
        private List<OutsideCallStore.Claim> claims = List.of();
        private boolean othersWait;

        Claimed(OutsideCallWorker worker) {
            this.worker = worker;
        }

        boolean takePlace(String kind) {
            return worker.takePlace(kind) && places.add(kind);
        }

        @Override
        public void afterCommit() {
            for (OutsideCallStore.Claim claim : claims) {
                places.remove(claim.kind());
                worker.make(claim);
            }
            if (othersWait) {
                worker.wakeUp();
            }
        }

        /**
         * Gives back what was not used: rolled back, or there already. Where nobody knows whether it was committed, the call is
         * left to its lease.
         */
        @Override
        public void afterCompletion(int status) {
            places.forEach(worker::givePlaceBack);
            places.clear();
        }
    }

    private String key() {
        return STAGED + System.identityHashCode(this);
    }

    private static Map<String, String> metadata(String processKey) {
        Map<String, String> metadata = new HashMap<>();
        if (CurrentUnitOfWork.isStarted()) {
            CurrentUnitOfWork.get().getCorrelationData().forEach((name, value) -> {
                if (value != null) {
                    metadata.put(name, value.toString());
                }
            });
        }
        metadata.put(Headers.PROCESS_KEY, processKey);
        return metadata;
    }
}
