package io.farandole.axon;

import io.farandole.eventstore.JournalEventStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandBusSpanFactory;
import org.axonframework.commandhandling.DuplicateCommandHandlerResolver;
import org.axonframework.commandhandling.LoggingDuplicateCommandHandlerResolver;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.AxonConfigurationException;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.EventProcessorSpanFactory;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.lifecycle.Phase;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.jspecify.annotations.Nullable;

/**
 * Puts Farandole into an Axon configuration: every event processor sets failing processes aside, exceptions propagate,
 * segments and order go by process key, and conversations are correlated.
 *
 * <p><b>Plain Axon</b>: {@code FarandoleModule.builder(dataSource, transactionManager).build().configurePlain(configurer)},
 * after the event store and the token store have been configured. The context's {@code EventTypes} include {@link
 * InterventionDecided#TYPES}: what a person decides about a failed process is recorded in the journal.
 *
 * <p><b>Spring Boot</b>, with Axon's auto-configuration: declare as beans
 * <ul>
 *   <li>this module ({@link ConfigurerModule} beans are found; it runs late, so that its processor factory wins), and {@link
 *       #parkedProcesses()};
 *   <li>a {@code SpringTransactionManager} of one's own (Axon's auto-configuration may not find Spring Boot 4's), passed to
 *       the builder; this module refuses to start without a real one;
 *   <li>{@code JournalTokenStore} as the token store;
 *   <li>{@code CommandBus}: {@link #commandBus(Configuration)}; {@code CommandGateway} with {@link ConflictRetryScheduler};
 *   <li>{@link ConversationData} as the {@code CorrelationDataProvider}, {@link CachingCommandTargetResolver};
 * </ul>
 * and set {@code axon.timeout.enabled=false}: its interceptor costs more than the dispatch of a command, for every command. What
 * hangs is bounded by time-outs where it may hang ({@code lock_timeout} and {@code statement_timeout} of the sessions, sockets of
 * clients). Leave {@code axon.eventhandling.processors.*} unset: a processor
 * that is named there is built by Axon, and neither parks nor propagates; use {@link Builder#settings(String, ProcessorSettings)}.
 *
 * <p>A processor with an invoker of its own is built by {@link #processor} and started and shut down by whoever built it.
 * (Axon builds the processors that it has handlers or saga managers for, and no others.)
 *
 * <p>Aggregates: Axon's locks are held until a batch ends and wait for up to a minute; never give a repository with a
 * cache a null lock factory.
 */
public final class FarandoleModule implements ConfigurerModule {

    private static final int AFTER_OTHERS = 1_000;
    private static final int LONGEST_LOOK_AHEAD = 1_000;

    private final TransactionManager transactions;
    private final DataSource dataSource;
    private final ParkingTable parking;
    private final BrakeTable brakes;
    private final String instance = UUID.randomUUID().toString();
    private final RetryWorker worker;
    private final ParkedProcesses parkedProcesses;
    private final ProcessorSettings defaults;
    private final Map<String, ProcessorSettings> settings;
    private final Map<String, RetryPolicy> retries;
    private final Map<String, TrackingStart> starts;
    private final Supplier<@Nullable String> traceparent;
    private final List<ParkingEventProcessor> processors = new CopyOnWriteArrayList<>();
    private final SegmentSharing sharing;
    private volatile @Nullable EventsAt journal;
    private volatile @Nullable EventBus events;
    private volatile LongSupplier head = () -> -1;

    private FarandoleModule(Builder builder) {
        this.dataSource = builder.dataSource;
        this.transactions = TransactionCheck.real(builder.transactions);
        this.parking = new ParkingTable(dataSource);
        this.brakes = new BrakeTable(dataSource);
        this.journal = builder.journal;
        InterventionTable rows = new InterventionTable(dataSource);
        DecisionTable decisions = new DecisionTable(dataSource);
        Interventions interventions = new Interventions(rows, decisions, this::events, this::canCompensate);
        GroupRetries groups = new GroupRetries(dataSource, transactions, interventions);
        InterventionWork work = new InterventionWork(rows, interventions, this::eventsAt);
        this.worker =
                new RetryWorker(parking, transactions, decisions, interventions, work, groups, builder.retryThreads);
        this.parkedProcesses =
                new StoredParkedProcesses(dataSource, transactions, decisions, interventions, groups, worker::wake);
        this.defaults = builder.defaults;
        this.settings = Map.copyOf(builder.settings);
        this.retries = Map.copyOf(builder.retries);
        this.starts = Map.copyOf(builder.starts);
        this.traceparent = builder.traceparent;
        this.sharing = new SegmentSharing(
                new InstanceTable(dataSource), transactions, processors, instance, builder.shareEvery);
    }

    /**
     * Starts a module.
     *
     * @param dataSource of the journal's database
     * @param transactions over that data source
     */
    public static Builder builder(DataSource dataSource, TransactionManager transactions) {
        return new Builder(dataSource, transactions);
    }

    /** Runs after others, so that its defaults are the last word. */
    @Override
    public int order() {
        return AFTER_OTHERS;
    }

    @Override
    public void configureModule(Configurer configurer) {
        configurer.configureTransactionManager(c -> transactions);
        configurer
                .eventProcessing()
                .registerEventProcessorFactory(this::processor)
                .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance())
                .registerDefaultErrorHandler(c -> PropagatingErrorHandler.instance())
                .registerDefaultSequencingPolicy(c -> Sequencing.perAggregate());
        configurer.onInitialize(configuration -> {
            configuration.onStart(Phase.LOCAL_MESSAGE_HANDLER_REGISTRATIONS, () -> prepare(configuration));
            configuration.onStart(Phase.INBOUND_EVENT_CONNECTORS, worker::start);
            configuration.onShutdown(Phase.INBOUND_EVENT_CONNECTORS, worker::stop);
            // When all processors run, so that others are told of all of them at once; and before the first one stops.
            configuration.onStart(Phase.INBOUND_EVENT_CONNECTORS + 1, sharing::start);
            configuration.onShutdown(Phase.INBOUND_EVENT_CONNECTORS + 1, sharing::stop);
        });
    }

    /** Configures what Spring Boot would bring as beans, too: command bus, correlation, command targets. */
    public Configurer configurePlain(Configurer configurer) {
        configurer.configureCorrelationDataProviders(c -> List.of(new ConversationData()));
        configurer.registerComponent(CommandTargetResolver.class, c -> new CachingCommandTargetResolver());
        configurer.configureCommandBus(this::commandBus);
        configureModule(configurer);
        return configurer;
    }

    /**
     * A command bus as Farandole wants it: any exception rolls a command back (Axon's default commits what was applied before
     * a checked one), and conversations are correlated.
     */
    public CommandBus commandBus(Configuration configuration) {
        SimpleCommandBus commandBus = SimpleCommandBus.builder()
                .transactionManager(transactions)
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .duplicateCommandHandlerResolver(configuration.getComponent(
                        DuplicateCommandHandlerResolver.class, LoggingDuplicateCommandHandlerResolver::instance))
                .spanFactory(configuration.getComponent(CommandBusSpanFactory.class))
                .messageMonitor(configuration.messageMonitor(CommandBus.class, "commandBus"))
                .build();
        commandBus.registerHandlerInterceptor(
                new CorrelationDataInterceptor<>(configuration.correlationDataProviders()));
        commandBus.registerHandlerInterceptor(AggregateCache.refusals());
        commandBus.registerDispatchInterceptor(new ConversationStart(traceparent));
        return commandBus;
    }

    /**
     * An event processor that sets failing processes aside. Its threads are ended with the configuration.
     *
     * @param invoker what handles; may be {@link BatchPreparing} and {@link RetryDeclaring}
     * @throws IllegalArgumentException if a handler's {@link Retries} makes no sense
     */
    public EventProcessor processor(String name, Configuration configuration, EventHandlerInvoker invoker) {
        TransactionCheck.real(configuration.getComponent(TransactionManager.class));
        ProcessorSettings own = settings.getOrDefault(name, defaults);
        ScheduledExecutorService coordinator = new PromptExecutor("Coordinator[" + name + "]");
        ScheduledExecutorService workers =
                Executors.newScheduledThreadPool(own.segments(), new AxonThreadFactory("WorkPackage[" + name + "]"));
        Progress progress = new Progress();
        configuration.onShutdown(coordinator::shutdown);
        configuration.onShutdown(workers::shutdown);
        EventHandlerInvoker handling = unwrapped(invoker);
        ParkingEventProcessor processor = new ParkingEventProcessor(new ParkingEventProcessor.Parts(
                name,
                handling,
                Sequencing.keys(handling),
                source(configuration.eventStore(), own, progress),
                configuration.eventStore(),
                TransactionCheck.fenced(
                        configuration.eventProcessingConfiguration().tokenStore(name), name),
                transactions,
                parking,
                new SharedBrake(name, new OutageBrake(name, own.brakeAfter()), brakes, transactions, instance),
                own,
                RetryPolicies.of(handling, configuration, retries.get(name), own.retry()),
                starts.getOrDefault(name, TrackingStart.FIRST_EVENT),
                coordinator,
                workers,
                configuration.messageMonitor(PooledStreamingEventProcessor.class, name),
                configuration.getComponent(EventProcessorSpanFactory.class),
                progress,
                () -> head.getAsLong(),
                worker::wake));
        worker.register(processor);
        processors.add(processor);
        return processor;
    }

    /** Whether a processor other than this one has a handler for events of a class. */
    public boolean isHeardBeside(String processor, Class<?> payloadType) {
        return processors.stream()
                .filter(each -> !each.getName().equals(processor))
                .anyMatch(each -> each.hears(payloadType));
    }

    /**
     * How far the sagas of this instance are behind the journal, in events; of several processors the one that is behind most.
     * Of memory only: it asks no database, and may be some events too low. Views do not count, nor do processors that are
     * stopped, nor segments that another instance holds.
     */
    public long behind() {
        long newest = head.getAsLong();
        long most = 0;
        for (ParkingEventProcessor processor : processors) {
            most = Math.max(most, processor.behind(newest));
        }
        return most;
    }

    /**
     * The processors that are braked in this instance: everything fails in them, and nothing more is set aside. Of memory only.
     * In all instances: {@code farandole.processor_brake}.
     */
    public List<BrakedProcessor> braked() {
        return processors.stream()
                .flatMap(processor -> processor.parts().brake().own().braked().stream())
                .toList();
    }

    /** The names of the processors that this module has made. */
    public List<String> processors() {
        return processors.stream().map(ParkingEventProcessor::getName).toList();
    }

    /**
     * The processes that are set aside; they can be listed before and after the configuration is started, and decided about once
     * it has been.
     */
    public ParkedProcesses parkedProcesses() {
        return parkedProcesses;
    }

    private void prepare(Configuration configuration) {
        TransactionCheck.sameTransaction(dataSource, transactions);
        if (journal == null) {
            EventStorageEngine engine = configuration.getComponent(EventStorageEngine.class);
            if (engine == null) {
                throw new AxonConfigurationException(
                        "Farandole needs to read single events of the journal again: register"
                                + " its EventStorageEngine as a component, or use FarandoleModule.Builder.journal(...)");
            }
            journal = EventsAt.of(engine);
        }
        events = configuration.eventStore();
        configuration.eventStore().registerDispatchInterceptor(new ConversationStart(traceparent));
        if (configuration.eventStore() instanceof JournalEventStore store) {
            head = store.journal()::tailPosition;
        }
    }

    private EventBus events() {
        EventBus store = events;
        if (store == null) {
            throw new IllegalStateException("The Axon configuration has not been started: a decision is recorded in the"
                    + " journal, so it takes a running service");
        }
        return store;
    }

    private boolean canCompensate(String processor, String processKey) {
        return processors.stream()
                .anyMatch(each -> each.getName().equals(processor) && InterventionWork.canCompensate(each, processKey));
    }

    private List<TrackedEventMessage<?>> eventsAt(long position) {
        EventsAt source = journal;
        if (source == null) {
            throw new IllegalStateException("The Axon configuration has not been started");
        }
        return source.position(position);
    }

    /**
     * No more than about a batch ahead per segment: Axon's processor walks along a segment's queue for each event, and
     * sleeps 100 ms once 1,024 are in it.
     */
    private static StreamableMessageSource<TrackedEventMessage<?>> source(
            EventStore store, ProcessorSettings settings, Progress progress) {
        int lookAhead = Math.min(LONGEST_LOOK_AHEAD, settings.batchSize() * (settings.segments() + 1));
        return store instanceof JournalEventStore journalStore
                ? journalStore.paced(lookAhead, progress::handledUpTo)
                : store;
    }

    /** A single invoker is asked directly; Axon's wrapper for several asks twice whether it can handle an event. */
    private static EventHandlerInvoker unwrapped(EventHandlerInvoker invoker) {
        return invoker instanceof MultiEventHandlerInvoker several
                        && several.delegates().size() == 1
                        && several.delegates().get(0).supportsReset()
                ? several.delegates().get(0)
                : invoker;
    }

    /** Collects what a module is made of; not thread-safe. */
    public static final class Builder {

        private static final int RETRY_THREADS = 2;
        private static final Duration SHARE_EVERY = Duration.ofSeconds(3);

        private final DataSource dataSource;
        private final TransactionManager transactions;
        private final Map<String, ProcessorSettings> settings = new HashMap<>();
        private final Map<String, RetryPolicy> retries = new HashMap<>();
        private final Map<String, TrackingStart> starts = new HashMap<>();
        private ProcessorSettings defaults = ProcessorSettings.DEFAULTS;
        private Supplier<@Nullable String> traceparent = () -> null;
        private int retryThreads = RETRY_THREADS;
        private Duration shareEvery = SHARE_EVERY;
        private @Nullable EventsAt journal;

        private Builder(DataSource dataSource, TransactionManager transactions) {
            this.dataSource = dataSource;
            this.transactions = transactions;
        }

        /** For all processors that have no settings of their own; default {@link ProcessorSettings#DEFAULTS}. */
        public Builder defaults(ProcessorSettings value) {
            this.defaults = value;
            return this;
        }

        /** For one processor. */
        public Builder settings(String processor, ProcessorSettings value) {
            settings.put(processor, value);
            return this;
        }

        /**
         * How one processor tries again what fails, whatever its handlers declare with {@link Retries}; by default they have the last
         * word, and its settings the first.
         */
        public Builder retry(String processor, RetryPolicy value) {
            retries.put(processor, value);
            return this;
        }

        /** Where one processor begins at its first start; default {@link TrackingStart#FIRST_EVENT}. */
        public Builder start(String processor, TrackingStart value) {
            starts.put(processor, value);
            return this;
        }

        /** Threads that retry what is set aside, for all processors of this instance; default 2. */
        public Builder retryThreads(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("retryThreads must be at least 1, but is " + value);
            }
            this.retryThreads = value;
            return this;
        }

        /**
         * How often this instance looks whether it works on more segments than its share of all running instances, and leaves some to
         * them; default 3 s; zero for never: then segments stay with whoever asked first.
         */
        public Builder shareSegments(Duration every) {
            if (every.isNegative()) {
                throw new IllegalArgumentException("shareSegments must be zero or more, but is " + every);
            }
            this.shareEvery = every;
            return this;
        }

        /** How to read a parked event again; by default through the configuration's {@link EventStorageEngine}. */
        public Builder journal(EventsAt value) {
            this.journal = value;
            return this;
        }

        /** The trace that is open on the calling thread, for messages that begin a conversation; default none. */
        public Builder traceparent(Supplier<@Nullable String> value) {
            this.traceparent = value;
            return this;
        }

        /**
         * The finished module.
         *
         * @throws AxonConfigurationException without a real transaction manager
         */
        public FarandoleModule build() {
            return new FarandoleModule(this);
        }
    }
}
