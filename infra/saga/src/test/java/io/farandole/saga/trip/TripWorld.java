package io.farandole.saga.trip;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.KeyedSagaStore;
import io.farandole.saga.SagaObserver;
import io.farandole.saga.deadline.DeadlineSettings;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A context over real PostgreSQL with its journal, command bus and sagas, and batches run as a processor runs them. */
public final class TripWorld implements AutoCloseable {

    public final TestDatabase database = PostgresServer.shared().createDatabase("saga");
    public final HikariDataSource dataSource;
    public final JdbcTemplate jdbc;
    public final JdbcTemplate admin;
    public final TransactionManager transactions;
    public final JsonCodec codec = new JsonCodec();
    public final RegistrySerializer serializer;
    public final Journal journal;
    public final JournalEventStorageEngine engine;
    public final JournalEventStore events;
    public final JournalTokenStore tokens;
    public final SimpleCommandBus commands;
    public final CommandGateway gateway;
    public final KeyedSagaStore sagas;
    public final JournalDeadlines deadlines;

    private final EventTypes types;

    public TripWorld() {
        this(TripMessages.TYPES, TestDatabase::url);
    }

    /** Works with its database at this address. */
    public TripWorld(Function<TestDatabase, String> url) {
        this(TripMessages.TYPES, url);
    }

    /** The same for another process, whose events these are. */
    public TripWorld(EventTypes types) {
        this(types, TestDatabase::url);
    }

    private TripWorld(EventTypes types, Function<TestDatabase, String> url) {
        this.types = types;
        database.migrate();
        dataSource = database.appPool(20, url.apply(database));
        jdbc = new JdbcTemplate(dataSource);
        admin = new JdbcTemplate(database.adminDataSource());
        transactions = new SpringTransactionManager(new DataSourceTransactionManager(dataSource));
        journal = new Journal(dataSource, JournalSettings.of("trip"));
        serializer = RegistrySerializer.builder(types, codec).build();
        engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(serializer)
                .build();
        events = JournalEventStore.builder().storageEngine(engine).build();
        tokens = new JournalTokenStore(journal, serializer);
        commands = SimpleCommandBus.builder().transactionManager(transactions).build();
        gateway = DefaultCommandGateway.builder().commandBus(commands).build();
        EventSourcingRepository<TripAggregate> repository = EventSourcingRepository.builder(TripAggregate.class)
                .eventStore(events)
                .build();
        AggregateAnnotationCommandHandler.<TripAggregate>builder()
                .aggregateType(TripAggregate.class)
                .repository(repository)
                .build()
                .subscribe(commands);
        sagas = new KeyedSagaStore(dataSource);
        deadlines = newDeadlines(DeadlineSettings.DEFAULTS);
        journal.start();
    }

    public JournalDeadlines newDeadlines(DeadlineSettings settings) {
        return new JournalDeadlines(dataSource, transactions, events, types, codec, settings, Clock.systemUTC());
    }

    /** The trip saga, with what its handlers ask for. */
    public KeyedSagaInvoker<TripSaga> trips(Object... more) {
        return invoker(TripSaga.class, SagaObserver.NONE, more);
    }

    public <T> KeyedSagaInvoker<T> invoker(Class<T> type, SagaObserver observer, Object... more) {
        List<Object> resources = new ArrayList<>(Arrays.asList(more));
        resources.add(gateway);
        resources.add(deadlines);
        return KeyedSagaInvoker.builder(type, sagas, codec)
                .deadlines(deadlines)
                .observer(observer)
                .parameters(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(type),
                        new SimpleResourceParameterResolverFactory(resources)))
                .build();
    }

    /** An event as the journal streams it. */
    public static EventMessage<?> event(String processKey, Object payload) {
        return new GenericEventMessage<>(payload, Map.of(Headers.PROCESS_KEY, processKey));
    }

    /** What happens beside the handlers in a batch's unit of work. */
    public interface Meanwhile {
        default void afterPrepare() throws Exception {}

        default void beforeEach(BatchingUnitOfWork<EventMessage<?>> unit) throws Exception {}

        default void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) throws Exception {}
    }

    public void handle(KeyedSagaInvoker<?> invoker, EventMessage<?>... batch) {
        handle(invoker, List.of(batch), new Meanwhile() {});
    }

    /** Runs a batch in one unit of work and transaction, as a processor does; throws what failed. */
    public void handle(KeyedSagaInvoker<?> invoker, List<EventMessage<?>> batch, Meanwhile meanwhile) {
        BatchingUnitOfWork<EventMessage<?>> unit = new BatchingUnitOfWork<>(batch);
        unit.start();
        unit.attachTransaction(transactions);
        boolean[] prepared = new boolean[1];
        ResultMessage<?> result = unit.executeWithResult(() -> {
            if (!prepared[0]) {
                prepared[0] = true;
                invoker.prepare(batch, Segment.ROOT_SEGMENT);
                meanwhile.afterPrepare();
            }
            meanwhile.beforeEach(unit);
            if (invoker.canHandle(unit.getMessage(), Segment.ROOT_SEGMENT)) {
                invoker.handle(unit.getMessage(), Segment.ROOT_SEGMENT);
            }
            meanwhile.afterEach(unit);
            return true;
        });
        if (result.isExceptional()) {
            Throwable failure = result.exceptionResult();
            if (failure instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException(failure);
        }
    }

    /** The payload types of a trip's own events in the journal. */
    public List<String> told(String tripId) {
        return jdbc.queryForList(
                "select payload_type from farandole.journal where own and aggregate_id = ? order by position",
                String.class,
                tripId);
    }

    public long count(String sql, Object... arguments) {
        Long count = jdbc.queryForObject(sql, Long.class, arguments);
        return count == null ? -1 : count;
    }

    @Override
    public void close() {
        deadlines.close();
        journal.close();
        dataSource.close();
        database.close();
    }
}
