package io.farandole.saga.deadline;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.Registration;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.deadline.AbstractDeadlineManager;
import org.axonframework.deadline.DeadlineMessage;
import org.axonframework.deadline.GenericDeadlineMessage;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of sagas that are part of the step: scheduling and cancelling join its transaction, so a rolled-back step leaves
 * neither behind. They survive restarts, and can be listed.
 *
 * <p>When one is due, an own event {@link DeadlinePassed} is appended to the journal, exactly once: in the one transaction
 * that also removes the deadline, with the deadline's id as event id. The keyed saga invoker hands it to the saga's
 * {@code @DeadlineHandler} in the order of its process. It is a no-op if the saga has ended, or has cancelled the deadline
 * before it hears of it, even if it had passed by then.
 *
 * <p>db-scheduler watches the table {@code farandole.scheduled_tasks}; on an idle system a deadline passes within the poll
 * interval (200 ms by default). Deadlines are never early by the clock given here. Payloads are of registered classes.
 * Only sagas have deadlines: the scope must be a {@link SagaScopeDescriptor} with the saga's name and process key, which it
 * is inside of a saga's handler. Thread-safe. {@link #start} it once; {@link #shutdown} ends it.
 */
public final class JournalDeadlines extends AbstractDeadlineManager implements AutoCloseable {

    private final DeadlineStore store;
    private final EventTypes types;
    private final JsonCodec codec;
    private final DeadlineSettings settings;
    private final Clock clock;
    private final StagedDeadlines staged;
    private final DeadlineWatch watch;

    /**
     * Deadlines over {@code farandole.scheduled_tasks}.
     *
     * @param dataSource the context's, the one that {@code transactions} manages
     * @param transactions Axon's view of the Spring transaction manager
     * @param events the context's event store, where {@link DeadlinePassed} is published; its types include {@link
     *     DeadlinePassed#TYPES}
     * @param types the registry for payloads
     * @param clock by which deadlines are due
     */
    public JournalDeadlines(
            DataSource dataSource,
            TransactionManager transactions,
            EventBus events,
            EventTypes types,
            JsonCodec codec,
            DeadlineSettings settings,
            Clock clock) {
        this.store = new DeadlineStore(dataSource);
        this.types = types;
        this.codec = codec;
        this.settings = settings;
        this.clock = clock;
        this.staged = new StagedDeadlines(store);
        this.watch = new DeadlineWatch(dataSource, store, transactions, events, codec, settings, clock);
    }

    /** Starts to watch for due deadlines. */
    public void start() {
        watch.start();
    }

    /** Stops watching; deadlines that are due meanwhile pass after the next start. */
    @Override
    public void shutdown() {
        watch.stop();
    }

    @Override
    public void close() {
        shutdown();
    }

    /**
     * Schedules a deadline of a saga, in the current unit of work or transaction.
     *
     * @param messageOrPayload null, an instance of a registered class, or a message with such a payload
     * @throws IllegalArgumentException if the scope is no saga's, or the payload's class is not registered
     */
    @Override
    public String schedule(
            Instant triggerDateTime,
            String deadlineName,
            @Nullable Object messageOrPayload,
            ScopeDescriptor deadlineScope) {
        DeadlineStore.Scope scope = scope(deadlineName, deadlineScope);
        DeadlineMessage<?> message = processDispatchInterceptors(
                GenericDeadlineMessage.asDeadlineMessage(deadlineName, messageOrPayload, triggerDateTime));
        String id = IdentifierFactory.getInstance().generateIdentifier();
        Object payload = message.getPayload();
        EventType type = payload == null ? null : types.typeOf(payload.getClass());
        staged.schedule(new DeadlineStore.Row(
                id,
                scope,
                triggerDateTime,
                type == null ? null : type.name(),
                type == null ? 0 : type.version(),
                payload == null ? null : codec.write(payload),
                codec.write(metadata(message, scope.processKey()))));
        return id;
    }

    @Override
    public String schedule(
            Duration triggerDuration,
            String deadlineName,
            @Nullable Object messageOrPayload,
            ScopeDescriptor deadlineScope) {
        return schedule(clock.instant().plus(triggerDuration), deadlineName, messageOrPayload, deadlineScope);
    }

    /** Cancels one deadline; without effect if the saga has heard of it, or it is not known. */
    @Override
    public void cancelSchedule(String deadlineName, String scheduleId) {
        staged.cancel(scheduleId);
    }

    /** Cancels the deadlines of that name of all sagas: reads them all, so it is an operator's tool. */
    @Override
    public void cancelAll(String deadlineName) {
        staged.cancelAll(deadlineName);
    }

    /** Cancels the deadlines of that name of one saga. */
    @Override
    public void cancelAllWithinScope(String deadlineName, ScopeDescriptor scope) {
        staged.cancel(scope(deadlineName, scope));
    }

    /** Refused: a deadline reaches its saga as an event. */
    @Override
    public Registration registerHandlerInterceptor(
            MessageHandlerInterceptor<? super DeadlineMessage<?>> handlerInterceptor) {
        throw new UnsupportedOperationException("A deadline reaches its saga as an event of the journal: register the"
                + " interceptor on the saga's event processor, or as @MessageHandlerInterceptor in the saga");
    }

    /** The deadlines of a process that have not passed, by time. */
    public List<PendingDeadline> pending(String processKey) {
        return store.pending(processKey);
    }

    /** The next deadlines to pass. */
    public List<PendingDeadline> pending(int limit) {
        return store.pending(limit);
    }

    /**
     * Forgets deadlines that passed longer ago than the retention.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(int limit) {
        return store.purge(settings.retention(), limit);
    }

    /**
     * The message for the saga's {@code @DeadlineHandler}; null if the deadline was cancelled after it had passed.
     *
     * @throws IllegalStateException if the payload's class is not registered any more
     */
    public @Nullable DeadlineMessage<?> messageFor(DeadlinePassed passed, Map<String, ?> metadata) {
        DeadlineStore.Scope scope =
                new DeadlineStore.Scope(passed.sagaType(), passed.processKey(), passed.deadlineName());
        if (staged.isCancelled(passed.deadlineId(), scope) || store.isCancelled(passed.deadlineId())) {
            return null;
        }
        return new GenericDeadlineMessage<>(
                passed.deadlineName(), passed.deadlineId(), payload(passed), metadata, passed.dueAt());
    }

    private @Nullable Object payload(DeadlinePassed passed) {
        if (passed.payloadType() == null || passed.payload() == null) {
            return null;
        }
        EventType type = new EventType(passed.payloadType(), passed.payloadVersion());
        Class<?> payloadClass = types.classOf(type)
                .orElseThrow(() -> new IllegalStateException("The payload " + type + " of " + passed
                        + " is not registered any more: register it in the context's EventTypes"));
        return codec.read(passed.payload(), payloadClass);
    }

    private static DeadlineStore.Scope scope(String deadlineName, ScopeDescriptor scope) {
        if (scope instanceof SagaScopeDescriptor saga) {
            return new DeadlineStore.Scope(saga.getType(), saga.getIdentifier().toString(), deadlineName);
        }
        throw new IllegalArgumentException("Deadline '" + deadlineName + "' is for " + scope.scopeDescription()
                + ", but only sagas have deadlines: let a saga schedule it, and send a command when it passes");
    }

    private static Map<String, String> metadata(DeadlineMessage<?> message, String processKey) {
        Map<String, String> metadata = new HashMap<>();
        if (CurrentUnitOfWork.isStarted()) {
            put(metadata, CurrentUnitOfWork.get().getCorrelationData());
        }
        put(metadata, message.getMetaData());
        metadata.put(Headers.PROCESS_KEY, processKey);
        return metadata;
    }

    private static void put(Map<String, String> target, Map<String, ?> source) {
        source.forEach((name, value) -> {
            if (value != null) {
                target.put(name, value.toString());
            }
        });
    }
}
