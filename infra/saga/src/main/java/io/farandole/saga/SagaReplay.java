package io.farandole.saga;

import io.farandole.axon.Compensating;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Replays processes into a saga class, one after the other: through the invoker that runs it live, with its rules, and with its state, its
 * step log and its deadlines in memory. It has no store, no transaction and no event bus; what the saga is given to act with is up to
 * whoever injects its resources. Not thread-safe.
 *
 * @param <T> the saga's class
 */
public final class SagaReplay<T> {

    private final KeyedSagaInvoker<T> invoker;
    private final SagasInMemory<T> sagas;
    private final ReplayedDeadlines deadlines;

    SagaReplay(KeyedSagaInvoker<T> invoker, SagasInMemory<T> sagas, ReplayedDeadlines deadlines) {
        this.invoker = invoker;
        this.sagas = sagas;
        this.deadlines = deadlines;
    }

    /**
     * Starts to describe a replay.
     *
     * @param type a saga class with a constructor without parameters, of any visibility
     * @param listener hears what the saga does with its deadlines
     */
    public static <T> Builder<T> of(Class<T> type, JsonCodec codec, ReplayedDeadlines.Listener listener) {
        return new Builder<>(new KeyedSagaInvoker.Builder<>(type, null, codec), new ReplayedDeadlines(listener));
    }

    /** A unit of work's part of the replay: what it throws is the handler's failure. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** The steps that the saga's class declares. */
    public StepPlan plan() {
        return invoker.plan();
    }

    /** The deadlines of the process that is replayed now. */
    public ReplayedDeadlines deadlines() {
        return deadlines;
    }

    /** Forgets the process before, and goes on with another one, which has no saga yet. */
    public void begin() {
        sagas.forget();
        deadlines.forget();
    }

    /** Whether the saga has a handler for the event. */
    public boolean canHandle(EventMessage<?> event) {
        return invoker.canHandle(event, Segment.ROOT_SEGMENT);
    }

    /**
     * Has the saga handle an event of the process.
     *
     * @param at what time it is then
     * @throws Exception what the handler throws; the saga and its deadlines are as before then
     */
    public void handle(EventMessage<?> event, Instant at) throws Exception {
        deadlines.at(at, event.getIdentifier());
        inUnit(event, () -> invoker.handle(event, Segment.ROOT_SEGMENT));
    }

    /**
     * Has a deadline of the process pass.
     *
     * @param eventId of the event by which it passes
     * @param at what time it is then
     * @throws Exception what the handler throws; the saga and its deadlines are as before then
     */
    public void pass(
            ReplayedDeadlines.Pending deadline, String processKey, String eventId, Map<String, ?> metadata, Instant at)
            throws Exception {
        deadlines.at(at, eventId);
        EventMessage<DeadlinePassed> passed = new GenericEventMessage<>(
                eventId,
                new DeadlinePassed(
                        deadline.id(),
                        invoker.sagaType(),
                        processKey,
                        deadline.name(),
                        deadline.dueAt(),
                        null,
                        0,
                        null),
                metadata,
                at);
        inUnit(passed, () -> {
            deadlines.pass(deadline);
            invoker.handle(passed, Segment.ROOT_SEGMENT);
        });
    }

    /** Has an event left out, as a person has decided. */
    public void leftOut(InterventionDecided decided, LeftOutEvent event, Instant at) throws Exception {
        deadlines.at(at, event.eventId());
        inUnit(new GenericEventMessage<>(decided), () -> invoker.leftOut(decided, event));
    }

    /** Has the process compensated, as a person has decided; see {@link Compensating}. */
    public void compensate(InterventionDecided decided, LeftOutEvent failed, Instant at) throws Exception {
        deadlines.at(at, failed.eventId());
        inUnit(new GenericEventMessage<>(decided), () -> invoker.compensate(decided, failed));
    }

    /** The unit's end is that of the transaction live: the saga, its steps and its deadlines change together, or not at all. */
    private void inUnit(Message<?> message, Step step) throws Exception {
        List<ReplayedDeadlines.Pending> before = deadlines.pending();
        boolean done = false;
        UnitOfWork<Message<?>> unit = DefaultUnitOfWork.startAndGet(message);
        try {
            step.run();
            unit.commit();
            done = true;
        } finally {
            if (unit.isActive()) {
                unit.rollback();
            }
            if (!done) {
                deadlines.restore(before);
            }
        }
    }

    /** The saga's state as JSON; null before it has started. */
    public @Nullable String state(String processKey) {
        KeyedSagaStore.Row row = sagas.row(processKey);
        return row == null ? null : row.state();
    }

    /** Whether the saga has ended. */
    public boolean hasEnded(String processKey) {
        KeyedSagaStore.Row row = sagas.row(processKey);
        return row != null && row.ended();
    }

    /** Where the saga's steps stand. */
    public List<StepView> steps(String processKey) {
        KeyedSagaStore.Row row = sagas.row(processKey);
        return row == null ? List.of() : KeyedSagaStore.steps(row.steps());
    }

    /** Describes a replay; not thread-safe. */
    public static final class Builder<T> {

        private final KeyedSagaInvoker.Builder<T> saga;
        private final ReplayedDeadlines deadlines;

        private Builder(KeyedSagaInvoker.Builder<T> saga, ReplayedDeadlines deadlines) {
            this.saga = saga;
            this.deadlines = deadlines;
        }

        /** Has the saga described as it runs live: its name, its state's version, its parameters and so on. */
        public Builder<T> as(Consumer<KeyedSagaInvoker.Builder<T>> description) {
            description.accept(saga);
            return this;
        }

        /** The deadlines of the process that is replayed, for the saga's resources. */
        public ReplayedDeadlines deadlines() {
            return deadlines;
        }

        /** The replay's clock, for the saga's resources: the time of what is handled. */
        public Clock clock() {
            return new ReplayClock(deadlines);
        }

        /**
         * The replay.
         *
         * @throws IllegalArgumentException if the class cannot be a keyed saga, saying why
         */
        public SagaReplay<T> build() {
            KeyedSagaInvoker<T> invoker = saga.replayed(deadlines).build();
            SagasInMemory<T> memory = saga.memory();
            if (memory == null) {
                throw new IllegalStateException("The replay has no memory");
            }
            return new SagaReplay<>(invoker, memory, deadlines);
        }
    }
}
