package io.farandole.axon;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** One instance of a service, with a token owner's name of its own. */
final class Instance implements AutoCloseable {

    static final EventTypes TYPES = EventTypes.merge(List.of(
            InterventionDecided.TYPES,
            EventTypes.builder()
                    .event("lab.ticked", 1, Ticked.class, Ticked::key)
                    .build()));

    static final ProcessorSettings QUICK = ProcessorSettings.DEFAULTS
            .withRetry(RetryPolicy.of("4 attempts, first wait 20 ms, doubled up to 100 ms"))
            .withTokenClaimInterval(Duration.ofMillis(100))
            .withClaimExtension(Duration.ofMillis(300));

    static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(1);

    private final HikariDataSource pool;
    final Journal journal;
    private final TransactionManager reliable;
    private final Configuration configuration;
    private final FarandoleModule module;
    private boolean closed;

    private Instance(
            HikariDataSource pool,
            Journal journal,
            TransactionManager reliable,
            Configuration configuration,
            FarandoleModule module) {
        this.pool = pool;
        this.journal = journal;
        this.reliable = reliable;
        this.configuration = configuration;
        this.module = module;
    }

    /** What a handler of {@link Ticked} does besides leaving its effect. */
    @FunctionalInterface
    interface Step {
        void on(Ticked event, JdbcTemplate jdbc) throws Exception;
    }

    /** Describes an instance; not thread-safe. */
    static final class Plan {

        private final Lab lab;
        private final String name;
        private final Map<String, Step> handlers = new LinkedHashMap<>();
        private final Map<String, Function<JdbcTemplate, EventHandlerInvoker>> invokers = new LinkedHashMap<>();
        private ProcessorSettings settings = QUICK;
        private UnaryOperator<TransactionManager> transactions = UnaryOperator.identity();
        private @Nullable AggregateConfigurer<?> aggregate;
        private UnaryOperator<EventsAt> eventsAt = UnaryOperator.identity();
        private Consumer<Configurer> more = configurer -> {};
        private Duration shareEvery = Duration.ZERO;
        private String url;

        Plan(Lab lab, String name) {
            this.lab = lab;
            this.name = name;
            this.url = lab.database().url();
        }

        /** A processor whose handler runs a step and then leaves its effect. */
        Plan processor(String processor, Step step) {
            handlers.put(processor, step);
            return this;
        }

        Plan processor(String processor, EventHandlerInvoker invoker) {
            return invoker(processor, jdbc -> invoker);
        }

        /** A processor of an invoker that works in the instance's transactions. */
        Plan invoker(String processor, Function<JdbcTemplate, EventHandlerInvoker> invoker) {
            invokers.put(processor, invoker);
            return this;
        }

        Plan settings(ProcessorSettings value) {
            settings = value;
            return this;
        }

        Plan transactions(UnaryOperator<TransactionManager> value) {
            transactions = value;
            return this;
        }

        /** An aggregate that is kept in memory. */
        Plan caching(AggregateConfigurer<?> value) {
            aggregate = value;
            return this;
        }

        /** How a parked event is read again. */
        Plan eventsAt(UnaryOperator<EventsAt> value) {
            eventsAt = value;
            return this;
        }

        /** Segments are shared with other instances; by default they stay with whoever asked first. */
        Plan sharing(Duration every) {
            shareEvery = every;
            return this;
        }

        /** Where its database is to be reached. */
        Plan url(String value) {
            url = value;
            return this;
        }

        Plan more(Consumer<Configurer> value) {
            more = value;
            return this;
        }

        Instance start() {
            HikariDataSource pool = lab.pool(12, url);
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            Journal journal =
                    new Journal(pool, JournalSettings.of("lab").polling(Duration.ofMillis(5), Duration.ofMillis(50)));
            RegistrySerializer serializer = RegistrySerializer.of(TYPES);
            JournalEventStorageEngine engine = JournalEventStorageEngine.builder()
                    .journal(journal)
                    .serializer(serializer)
                    .build();
            JournalEventStore store =
                    JournalEventStore.builder().storageEngine(engine).build();
            TransactionManager real = new SpringTransactionManager(new DataSourceTransactionManager(pool));
            FarandoleModule module = FarandoleModule.builder(pool, transactions.apply(real))
                    .defaults(settings)
                    .journal(eventsAt.apply(EventsAt.of(engine)))
                    .shareSegments(shareEvery)
                    .build();
            Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                    .configureSerializer(c -> serializer)
                    .configureMessageSerializer(c -> serializer)
                    .configureEventSerializer(c -> serializer)
                    .configureEventStore(c -> store);
            configurer
                    .eventProcessing()
                    .registerTokenStore(c -> new JournalTokenStore(journal, serializer, CLAIM_TIMEOUT, name));
            handlers.forEach((processor, step) -> {
                Object handler = new Recorder(jdbc, processor, step);
                configurer.eventProcessing().registerEventHandler(c -> handler);
                configurer.eventProcessing().assignHandlerInstancesMatching(processor, handler::equals);
            });
            invokers.forEach((processor, invoker) -> {
                Object stub = new Recorder(jdbc, processor, (event, unused) -> {});
                configurer.eventProcessing().registerEventHandler(c -> stub);
                configurer.eventProcessing().assignHandlerInstancesMatching(processor, stub::equals);
                configurer
                        .eventProcessing()
                        .registerEventProcessor(
                                processor, (n, c, ignored) -> module.processor(n, c, invoker.apply(jdbc)));
            });
            if (aggregate != null) {
                AggregateCache cache = new AggregateCache(journal, 100);
                configurer.configureAggregate(aggregate.configureCache(c -> cache));
            }
            more.accept(configurer);
            module.configurePlain(configurer);
            Configuration configuration = configurer.buildConfiguration();
            journal.start();
            configuration.start();
            Instance instance = new Instance(pool, journal, real, configuration, module);
            lab.opened(instance);
            return instance;
        }
    }

    Configuration configuration() {
        return configuration;
    }

    TransactionManager transactions() {
        return reliable;
    }

    ParkedProcesses parked() {
        return module.parkedProcesses();
    }

    /** Decides about what a process waits for now. */
    InterventionAnswer decide(String processor, String processKey, Decision decision) {
        String event = parked().find(processor, processKey).orElseThrow().failedEventId();
        return parked().intervene(new Intervention(processor, processKey, event, decision, "test", "mended"));
    }

    /** The id of a decision about what a process waits for now; fails unless it is accepted. */
    String accepted(String processor, String processKey, Decision decision) {
        InterventionAnswer answer = decide(processor, processKey, decision);
        if (answer.outcome() != InterventionAnswer.Outcome.ACCEPTED || answer.decisionId() == null) {
            throw new AssertionError(answer);
        }
        return answer.decisionId();
    }

    /** Has a process tried again, if it is set aside: at once, or as soon as an attempt that is under way has failed. */
    void retry(String processor, String processKey) {
        Patience.await()
                .until(() -> parked().find(processor, processKey).isEmpty()
                        || decide(processor, processKey, Decision.RETRY).stands());
    }

    List<BrakedProcessor> braked() {
        return module.braked();
    }

    PooledStreamingEventProcessor processor(String name) {
        return configuration
                .eventProcessingConfiguration()
                .eventProcessor(name, PooledStreamingEventProcessor.class)
                .orElseThrow();
    }

    /** Appends events in one transaction; again if the session had been ended before. */
    void publish(List<Ticked> events) {
        List<EventMessage<?>> messages = events.stream()
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList();
        Patience.await().ignoreExceptionsMatching(Instance::wasNotCommitted).until(() -> {
            reliable.executeInTransaction(() -> configuration.eventStore().publish(messages));
            return true;
        });
    }

    /** The events of a process from one number to another, both included. */
    static List<Ticked> ticks(String key, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> new Ticked(key, number))
                .toList();
    }

    /** Ends as if killed: loses its connections in the middle of what it does, and releases nothing. */
    void kill() {
        pool.close();
        close();
    }

    private static boolean wasNotCommitted(Throwable thrown) {
        return thrown instanceof DataAccessException
                || String.valueOf(thrown.getMessage()).contains("rollback failed");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            configuration.shutdown();
            journal.close();
            pool.close();
        }
    }

    private static final class Recorder {

        private final JdbcTemplate jdbc;
        private final String processor;
        private final Step step;

        Recorder(JdbcTemplate jdbc, String processor, Step step) {
            this.jdbc = jdbc;
            this.processor = processor;
            this.step = Objects.requireNonNull(step);
        }

        @EventHandler
        @SuppressWarnings("unused") // Axon calls it
        void on(Ticked event) throws Exception {
            step.on(event, jdbc);
            jdbc.update(
                    "insert into app.effect (processor, process_key, number) values (?, ?, ?)",
                    processor,
                    event.key(),
                    event.number());
        }
    }
}
