package io.farandole.saga;

import io.farandole.axon.BatchPreparing;
import io.farandole.axon.Compensating;
import io.farandole.axon.InterventionAware;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.axon.ProcessKeys;
import io.farandole.axon.RetryDeclaring;
import io.farandole.axon.RetryPolicy;
import io.farandole.eventstore.RoundTrip;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.saga.step.StepPlan;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.deadline.DeadlineMessage;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ResetNotSupportedException;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.annotation.ClasspathHandlerDefinition;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.saga.ResourceInjector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invokes an annotated Axon saga ({@code @StartSaga}, {@code @SagaEventHandler}, {@code @EndSaga}, {@code @DeadlineHandler})
 * that is found by its process key: a process has one saga of a type, one row, and one segment that owns it.
 *
 * <p>The sagas of a batch are loaded with one query and written with one statement before the batch commits, in its
 * transaction; neither has a round trip of its own. Starting is an insert by primary key; changing is an update of the version
 * that was loaded: who meets another writer gets a {@link SagaConflictException}, and the batch is rolled back and tried again. What a handler throws is
 * thrown on as it is.
 *
 * <p>An event belongs to the process that its header names. The handler's {@code associationProperty} must have that value,
 * else {@link SagaKeyMismatchException}. Several events may start a saga, in any order: the first one does, the others find
 * it. An ended saga is remembered (see {@link KeyedSagaStore}): late events, also late starts, are ignored and counted.
 * An event that starts nothing and finds no saga is ignored and counted, as with Axon.
 *
 * <p>Where the saga compensates its steps itself, each event also brings the undoing forwards, if it is on, in the same transaction; see
 * {@link io.farandole.saga.step.Compensation}.
 *
 * <p>Thread-safe; all state of a batch is in its unit of work, without which it cannot be used.
 *
 * @param <T> the saga's class
 */
public final class KeyedSagaInvoker<T>
        implements EventHandlerInvoker, BatchPreparing, RetryDeclaring, InterventionAware, Compensating {

    private static final Logger log = LoggerFactory.getLogger(KeyedSagaInvoker.class);

    private final Class<T> type;
    private final String sagaType;
    private final SagaHandlers<T> handlers;
    private final @Nullable SagaDeadlines deadlines;
    private final SagaObserver observer;
    private final StepPlan plan;
    private final Optional<CompensationMethod> compensation;
    private final Sagas<T> sagas;
    private final Undoing<T> undoing;
    private final SagaReactions<T> reactions;

    private KeyedSagaInvoker(Builder<T> builder) {
        this.type = builder.type;
        this.sagaType = builder.name;
        this.handlers = new SagaHandlers<>(builder.type, builder.parameters, builder.definition);
        SagaStateCodec<T> states = new SagaStateCodec<>(
                builder.type, builder.factory, builder.stateVersion, builder.upcaster, builder.codec);
        states.verify();
        this.deadlines = builder.deadlines;
        this.observer = builder.observer;
        this.compensation = CompensationMethod.of(type);
        this.plan = StepPlan.of(type, sagaType, handlers::mayHandle, handlers.deadlineNames(), builder.properties);
        this.sagas = builder.sagas(plan, states);
        this.undoing = new Undoing<>(type, plan, builder.parameters);
        this.reactions = new SagaReactions<>(plan, handlers, states, builder.resources, undoing, observer);
        if (hearsDeadlines() && deadlines == null) {
            throw new IllegalArgumentException(
                    "Saga " + type.getName()
                            + " has a @DeadlineHandler or a @Step with a time limit, but no JournalDeadlines is given to its invoker");
        }
    }

    /**
     * Starts to describe an invoker.
     *
     * @param type a saga class with a constructor without parameters, of any visibility
     */
    public static <T> Builder<T> builder(Class<T> type, KeyedSagaStore store, JsonCodec codec) {
        return new Builder<>(type, store, codec);
    }

    /** The saga's class. */
    public Class<T> sagaClass() {
        return type;
    }

    /** The name under which the saga is stored, and which deadlines name. */
    public String sagaType() {
        return sagaType;
    }

    /** The steps that the saga's class declares; none if it declares none. */
    public StepPlan plan() {
        return plan;
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        Class<?> payloadType = event.getPayloadType();
        if (payloadType == DeadlinePassed.class) {
            return hearsDeadlines() && segment.matches(ProcessKeys.of(event));
        }
        return handlers.mayHandle(payloadType) && segment.matches(ProcessKeys.of(event)) && handlers.canHandle(event);
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return payloadType == DeadlinePassed.class ? hearsDeadlines() : handlers.mayHandle(payloadType);
    }

    private boolean hearsDeadlines() {
        return handlers.handlesDeadlines() || plan.keepsTimeLimits();
    }

    @Override
    public void ask(List<? extends EventMessage<?>> batch, Segment segment, RoundTrip first) {
        sagas.ask(keysOf(batch, segment), first);
    }

    @Override
    public void prepare(List<? extends EventMessage<?>> batch, Segment segment) {
        sagas.load(keysOf(batch, segment));
    }

    private Set<String> keysOf(List<? extends EventMessage<?>> batch, Segment segment) {
        Set<String> keys = new LinkedHashSet<>();
        for (EventMessage<?> event : batch) {
            if (canHandle(event, segment)) {
                keys.add(ProcessKeys.of(event));
            }
        }
        return keys;
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        String processKey = ProcessKeys.of(event);
        EventMessage<?> message = event;
        if (event.getPayload() instanceof DeadlinePassed passed) {
            if (!passed.sagaType().equals(sagaType) || deadlines == null) {
                return;
            }
            DeadlineMessage<?> deadline = deadlines.messageFor(passed, event.getMetaData());
            if (deadline == null) {
                observer.ignoredAsCancelled(sagaType);
                log.debug("{} of saga {} was cancelled after it had passed", passed, sagaType);
                return;
            }
            message = deadline;
        }
        boolean kept = message instanceof DeadlineMessage<?> deadline && StepPlan.isKept(deadline.getDeadlineName());
        SagaHandlers.Match<T> match = kept ? null : handlers.match(message, processKey);
        if (match != null || kept) {
            reactions.handle(message, event.getIdentifier(), match, sagas.of(processKey));
        }
    }

    /** What failed may be a method that undoes a step: then that method's word counts, not the handler's. */
    @Override
    public @Nullable RetryPolicy retryOf(EventMessage<?> event) {
        RetryPolicy ofUndoing = undoing.retryOf(event.getIdentifier());
        if (ofUndoing != null) {
            return ofUndoing;
        }
        return event.getPayload() instanceof DeadlinePassed passed
                ? handlers.retryOfDeadline(passed.deadlineName())
                : handlers.retryOf(event);
    }

    /** The step log says that the event was left out, if the saga is there: of what never began nothing is written. */
    @Override
    public void leftOut(InterventionDecided decided, LeftOutEvent event) throws Exception {
        for (EventMessage<?> message : event.messages()) {
            KeyedSaga<T> saga = sagas.of(ProcessKeys.of(message));
            T instance = saga.instance();
            if (instance == null || !saga.isActive()) {
                continue;
            }
            if (plan.isCompensating()) {
                saga.touch(message.getIdentifier());
                undoing.leftOut(saga, instance, message, decided);
                tellIfEnded(saga);
            } else {
                saga.leftOut(message.getPayloadType(), message.getIdentifier(), decided);
            }
        }
    }

    @Override
    public boolean canCompensate(String processKey) {
        return (compensation.isPresent() || plan.isCompensating()) && sagas.isActive(processKey);
    }

    /** A saga that compensates its steps itself is undone, after its {@code @CompensationHandler}, if it has one and is not undone yet. */
    @Override
    public void compensate(InterventionDecided decided, LeftOutEvent failed) throws Exception {
        KeyedSaga<T> saga = sagas.of(decided.processKey());
        T instance = saga.instance();
        if (instance == null || !saga.isActive()) {
            return;
        }
        if (!plan.isCompensating()) {
            leftOut(decided, failed);
        }
        if (compensation.isPresent() && !saga.isCompensating()) {
            CompensationMethod method = compensation.get();
            saga.run(instance, null, decided.decisionId(), target -> method.call(target, decided));
        }
        if (plan.isCompensating()) {
            undoing.compensate(saga, instance, failed.messages(), decided);
        }
        tellIfEnded(saga);
    }

    private void tellIfEnded(KeyedSaga<T> saga) {
        if (saga.ended()) {
            observer.ended(sagaType);
        }
    }

    /** Sagas cannot be reset: their commands would be sent again. */
    @Override
    public boolean supportsReset() {
        return false;
    }

    @Override
    public void performReset() {
        throw new ResetNotSupportedException("Saga " + sagaType + " cannot be reset: its commands would be sent again");
    }

    @Override
    public <R> void performReset(@Nullable R resetContext) {
        performReset();
    }

    /** Describes an invoker; not thread-safe. */
    public static final class Builder<T> {

        private final Class<T> type;
        private final @Nullable KeyedSagaStore store;
        private final JsonCodec codec;
        private String name;
        private Supplier<T> factory;
        private ResourceInjector resources = saga -> {};
        private @Nullable SagaDeadlines deadlines;
        private @Nullable SagasInMemory<T> memory;
        private SagaObserver observer = SagaObserver.NONE;
        private Clock clock = Clock.systemUTC();
        private UnaryOperator<String> properties = UnaryOperator.identity();
        private int stateVersion = 1;
        private StateUpcaster upcaster = SagaStateCodec.NO_OLDER_VERSION;
        private ParameterResolverFactory parameters;
        private HandlerDefinition definition;

        Builder(Class<T> type, @Nullable KeyedSagaStore store, JsonCodec codec) {
            this.type = type;
            this.store = store;
            this.codec = codec;
            this.name = type.getSimpleName();
            this.factory = () -> instantiate(type);
            this.parameters = ClasspathParameterResolverFactory.forClass(type);
            this.definition = ClasspathHandlerDefinition.forClass(type);
        }

        /** The name to store it under, instead of the class's simple name; keep it stable, also when the class is renamed. */
        public Builder<T> name(String name) {
            this.name = name;
            return this;
        }

        /** Makes new sagas, instead of the constructor without parameters; also those that stored state is read into. */
        public Builder<T> factory(Supplier<T> factory) {
            this.factory = factory;
            return this;
        }

        /** Injects resources into new and loaded sagas; none by default. */
        public Builder<T> resources(ResourceInjector resources) {
            this.resources = resources;
            return this;
        }

        /** Puts in values for the properties in <code>${}</code> that the saga's steps name; none by default. */
        public Builder<T> properties(UnaryOperator<String> properties) {
            this.properties = properties;
            return this;
        }

        /** Needed for a saga with {@code @DeadlineHandler}s, or with steps whose time limits the framework keeps. */
        public Builder<T> deadlines(JournalDeadlines deadlines) {
            this.deadlines = SagaDeadlines.of(deadlines);
            return this;
        }

        /** Tells the times of the step log; the system's by default. */
        public Builder<T> clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** With deadlines and a clock of a replay. */
        Builder<T> replayed(ReplayedDeadlines replayed) {
            this.deadlines = replayed;
            this.clock = new ReplayClock(replayed);
            return this;
        }

        /** Where the sagas are that a finished replay works with; null before {@link #build}, and for sagas that are stored. */
        @Nullable SagasInMemory<T> memory() {
            return memory;
        }

        /** Hears what the sagas do. */
        public Builder<T> observer(SagaObserver observer) {
            this.observer = observer;
            return this;
        }

        /**
         * The version of the state, 1 by default, and how older ones are read. Adding and removing fields needs no new
         * version: a new field keeps its initial value, a removed one is ignored.
         */
        public Builder<T> state(int version, StateUpcaster upcaster) {
            if (version < 1) {
                throw new IllegalArgumentException("The state's version is 1 or more, not " + version);
            }
            this.stateVersion = version;
            this.upcaster = upcaster;
            return this;
        }

        /** Resolves handlers' parameters; Axon's class path default otherwise. */
        public Builder<T> parameters(ParameterResolverFactory parameters) {
            this.parameters = parameters;
            return this;
        }

        /** Finds handlers; Axon's class path default otherwise. */
        public Builder<T> definition(HandlerDefinition definition) {
            this.definition = definition;
            return this;
        }

        /**
         * The invoker.
         *
         * @throws IllegalArgumentException if the class cannot be a keyed saga, saying why
         */
        public KeyedSagaInvoker<T> build() {
            return new KeyedSagaInvoker<>(this);
        }

        private Sagas<T> sagas(StepPlan plan, SagaStateCodec<T> states) {
            if (store != null) {
                return new SagasOfUnit<>(name, store, states, plan, clock, resources, deadlines);
            }
            if (deadlines == null) {
                throw new IllegalStateException("A replay has deadlines of its own");
            }
            memory = new SagasInMemory<>(plan, states, resources, clock, deadlines);
            return memory;
        }

        private static <T> T instantiate(Class<T> type) {
            try {
                Constructor<T> constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                return constructor.newInstance();
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(
                        "The constructor of saga " + type.getName() + " failed", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(
                        "Saga " + type.getName() + " needs a constructor without parameters, or a factory", e);
            }
        }
    }
}
