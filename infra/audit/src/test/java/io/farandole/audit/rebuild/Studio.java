package io.farandole.audit.rebuild;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.axon.EventsAt;
import io.farandole.axon.FarandoleModule;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.ParkedProcesses;
import io.farandole.axon.ProcessorSettings;
import io.farandole.axon.RetryPolicy;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A service with read models that follow the journal, on a database of its own. */
final class Studio implements AutoCloseable {

    static final EventTypes TYPES = EventTypes.merge(List.of(
            InterventionDecided.TYPES,
            EventTypes.builder()
                    .event("studio.counted", 1, Counted.class, Counted::key)
                    .event("studio.echoed", 1, Echoed.class, Echoed::key)
                    .build()));

    /** Such small batches that the few events of a test are many of them. */
    static final RebuildSettings QUICK = inBatchesOf(5);

    private final TestDatabase database;
    private final HikariDataSource pool;
    final JdbcTemplate jdbc;
    final Journal journal;
    private final JournalEventStorageEngine engine;
    private final Configuration configuration;
    private final FarandoleModule module;
    private final List<Rebuilds> opened = new ArrayList<>();

    /** A number that was counted in a process. */
    record Counted(String key, int number) {}

    /** What a handler publishes that acts. */
    record Echoed(String key) {}

    Studio(Map<String, Function<Studio, Object>> handlers) {
        database = PostgresServer.shared().createDatabase("studio");
        database.migrate();
        asOwner(
                "create table app.tally (process_key text primary key, total bigint not null, seen_at timestamptz default now());"
                        + " create table app.entry (process_key text references app.tally on delete cascade, number integer,"
                        + " doubled integer generated always as (number * 2) stored, note json, primary key (process_key, number));"
                        + " create table app.other (key text);"
                        + " grant select, insert, update, delete on all tables in schema app to \"" + database.appUser()
                        + "\"");
        pool = pool();
        jdbc = new JdbcTemplate(pool);
        journal = new Journal(pool, JournalSettings.of("studio").polling(Duration.ofMillis(5), Duration.ofMillis(50)));
        RegistrySerializer serializer = RegistrySerializer.of(TYPES);
        engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(serializer)
                .build();
        JournalEventStore store =
                JournalEventStore.builder().storageEngine(engine).build();
        module = FarandoleModule.builder(pool, new SpringTransactionManager(new DataSourceTransactionManager(pool)))
                .defaults(ProcessorSettings.DEFAULTS
                        .withSegments(2)
                        .withRetry(RetryPolicy.of("1 attempt, each wait 20 ms")))
                .journal(EventsAt.of(engine))
                .build();
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(c -> serializer)
                .configureMessageSerializer(c -> serializer)
                .configureEventSerializer(c -> serializer)
                .configureEventStore(c -> store);
        configurer.eventProcessing().registerTokenStore(c -> new JournalTokenStore(journal, serializer));
        Map<String, Object> made = new LinkedHashMap<>();
        handlers.forEach((group, handler) -> made.put(group, handler.apply(this)));
        made.forEach((group, handler) -> {
            configurer.eventProcessing().registerEventHandler(c -> handler);
            configurer.eventProcessing().assignHandlerInstancesMatching(group, handler::equals);
        });
        module.configurePlain(configurer);
        configuration = configurer.buildConfiguration();
        journal.start();
        configuration.start();
        Replaying.gate(configuration.eventBus(), configuration.commandBus());
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.addDataSourceProperty("currentSchema", "app,public");
        config.setUsername(database.appUser());
        config.setPassword(database.appPassword());
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        return new HikariDataSource(config);
    }

    /** An instance's rebuilds, of all read models; it has begun to work. */
    static RebuildSettings inBatchesOf(int rows) {
        return new RebuildSettings(
                rows, Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofSeconds(5), 10);
    }

    Rebuilds rebuilds(String instance, List<ReadModel> models) {
        return rebuilds(instance, models, QUICK);
    }

    Rebuilds rebuilds(String instance, List<ReadModel> models, RebuildSettings settings) {
        Rebuilds rebuilds = new Rebuilds(
                pool,
                new DataSourceTransactionManager(pool),
                engine,
                TYPES,
                models,
                group -> configuration.eventProcessingConfiguration().eventProcessor(group),
                settings,
                instance);
        rebuilds.start();
        opened.add(rebuilds);
        return rebuilds;
    }

    Configuration configuration() {
        return configuration;
    }

    ParkedProcesses parked() {
        return module.parkedProcesses();
    }

    void asOwner(String sql) {
        try (Connection connection = database.connectAsMigrator();
                Statement statement = connection.createStatement()) {
            statement.execute("set role \"" + database.ownerRole() + "\"");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Appends events in one transaction. */
    void publish(List<?> events) {
        List<EventMessage<?>> messages = events.stream()
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList();
        new SpringTransactionManager(new DataSourceTransactionManager(pool))
                .executeInTransaction(() -> configuration.eventBus().publish(messages));
    }

    @Override
    public void close() {
        opened.forEach(Rebuilds::close);
        configuration.shutdown();
        journal.close();
        pool.close();
        database.close();
    }
}
