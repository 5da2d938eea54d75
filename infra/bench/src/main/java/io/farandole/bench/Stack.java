package io.farandole.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A database, an event store over it, and Axon's pooled processor with its defaults (batch 1, 16 segments) following it. */
final class Stack implements AutoCloseable {

    private static final int CONNECTIONS = 12;

    private final String name;
    private final TestDatabase database;
    private final HikariDataSource pool;
    private final TransactionManager transactions;
    private final EventStore store;
    private final PooledStreamingEventProcessor processor;
    private final Receiver receiver;
    private final Runnable stopStore;
    private final String count;

    private Stack(Base base, String name, EventStore store, TokenStore tokens, Runnable stopStore, String count) {
        this.name = name;
        this.database = base.database;
        this.pool = base.pool;
        this.transactions = base.transactions;
        this.store = store;
        this.receiver = new Receiver();
        this.stopStore = stopStore;
        this.count = count;
        this.processor = PooledStreamingEventProcessor.builder()
                .name("bench")
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(receiver)
                        .build())
                .errorHandler(PropagatingErrorHandler.instance())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(n -> daemons(1))
                .workerExecutor(n -> daemons(4))
                .build();
        processor.start();
    }

    /** The processor does not end the threads that it was given: none keeps the program from ending. */
    private static ScheduledExecutorService daemons(int threads) {
        return Executors.newScheduledThreadPool(threads, work -> {
            Thread thread = new Thread(work, "bench-processor");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Base(TestDatabase database, HikariDataSource pool, TransactionManager transactions) {}

    private static Base base(TestDatabase database, HikariDataSource pool) {
        return new Base(database, pool, new SpringTransactionManager(new DataSourceTransactionManager(pool)));
    }

    private static RegistrySerializer serializer() {
        return RegistrySerializer.of(EventTypes.builder()
                .event("bench.appended", 1, BenchEvent.class)
                .build());
    }

    /** The journal. */
    static Stack journal() {
        TestDatabase database = PostgresServer.shared().createDatabase("bench_journal");
        database.migrate();
        Base base = base(database, database.appPool(CONNECTIONS));
        Journal journal = new Journal(base.pool, JournalSettings.of("bench"));
        RegistrySerializer serializer = serializer();
        JournalEventStore store = JournalEventStore.builder()
                .storageEngine(JournalEventStorageEngine.builder()
                        .journal(journal)
                        .serializer(serializer)
                        .build())
                .build();
        return new Stack(
                base,
                "journal",
                store,
                new JournalTokenStore(journal, serializer),
                journal::close,
                "select count(*) from farandole.journal");
    }

    /** Axon's own embedded store and JDBC engine, with its Jackson 3 serializer. */
    static Stack axon() {
        TestDatabase database = PostgresServer.shared().createDatabase("bench_axon");
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.migratorUser());
        config.setPassword(database.migratorPassword());
        config.setMaximumPoolSize(CONNECTIONS);
        Base base = base(database, new HikariDataSource(config));
        ConnectionProvider connections =
                new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(base.pool));
        Serializer serializer = Jackson3Serializer.builder().build();
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(base.transactions)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
        JdbcTokenStore tokens = JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .build();
        base.transactions.executeInTransaction(() -> {
            engine.createSchema(PostgresEventTableFactory.INSTANCE);
            tokens.createSchema(PostgresTokenTableFactory.INSTANCE);
        });
        EmbeddedEventStore store =
                EmbeddedEventStore.builder().storageEngine(engine).build();
        return new Stack(base, "axon-jdbc", store, tokens, store::shutDown, "select count(*) from domainevententry");
    }

    String name() {
        return name;
    }

    /** Appends one event in a transaction of its own; returns when it has committed. */
    void append(BenchEvent event) {
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(null);
        unitOfWork.attachTransaction(transactions);
        unitOfWork.executeWithResult(() -> {
            store.publish(new GenericDomainEventMessage<>("Bench", "bench-" + event.id(), 0, event));
            return true;
        });
        if (unitOfWork.getExecutionResult().isExceptionResult()) {
            throw new IllegalStateException(unitOfWork.getExecutionResult().getExceptionResult());
        }
    }

    Receiver receiver() {
        return receiver;
    }

    /** The ids handled so far, in the order handled. */
    List<Long> handled() {
        return receiver.handled();
    }

    /** Events stored, as the database counts them. */
    long stored() {
        Long rows = new JdbcTemplate(pool).queryForObject(count, Long.class);
        return rows == null ? 0 : rows;
    }

    @Override
    public void close() {
        try {
            processor.shutdownAsync().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The processor did not stop", e);
        } finally {
            stopStore.run();
            pool.close();
            database.close();
        }
    }
}
