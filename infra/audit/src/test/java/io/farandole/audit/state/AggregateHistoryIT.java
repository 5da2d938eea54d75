package io.farandole.audit.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.audit.state.AggregateDifference.Event;
import io.farandole.axon.AggregateCache;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalHistory;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import tools.jackson.databind.JsonNode;

/** Time travel through baskets in a real journal, while they live on: cached, and with snapshots. */
class AggregateHistoryIT {

    private static final RegistrySerializer SERIALIZER = RegistrySerializer.builder(Basket.TYPES, new JsonCodec())
            .aggregate("basket.basket", 1, Basket.class)
            .build();

    private static TestDatabase database;
    private static HikariDataSource pool;
    private static Journal journal;
    private static Configuration configuration;
    private static AggregateHistory history;

    @BeforeAll
    static void open() {
        database = PostgresServer.shared().createDatabase("aggregates");
        database.migrate();
        pool = database.appPool(8);
        journal = new Journal(pool, JournalSettings.of("shop"));
        JournalEventStorageEngine engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(SERIALIZER)
                .build();
        JournalEventStore store =
                JournalEventStore.builder().storageEngine(engine).build();
        AggregateCache cache = new AggregateCache(journal, 100);
        configuration = DefaultConfigurer.defaultConfiguration(false)
                .configureTransactionManager(c -> new SpringTransactionManager(new DataSourceTransactionManager(pool)))
                .configureSerializer(c -> SERIALIZER)
                .configureEventSerializer(c -> SERIALIZER)
                .configureMessageSerializer(c -> SERIALIZER)
                .configureEventStore(c -> store)
                .registerComponent(EventStorageEngine.class, c -> engine)
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Basket.class)
                        .configureCache(c -> cache)
                        .configureSnapshotTrigger(c -> new EventCountSnapshotTriggerDefinition(c.snapshotter(), 7)))
                .buildConfiguration();
        configuration.start();
        history = history(AggregateTypes.of(configuration));
    }

    private static AggregateHistory history(AggregateTypes types) {
        return new AggregateHistory(
                new JournalHistory(pool),
                new JournalMessages(SERIALIZER, NoOpEventUpcaster.INSTANCE),
                SERIALIZER,
                () -> types);
    }

    @AfterAll
    static void close() {
        configuration.shutdown();
        journal.close();
        pool.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void theFoldOfAnyHistoryIsTheLiveState(long seed) {
        Random random = new Random(seed);
        String id = "basket-" + seed;
        List<JsonNode> lived = new ArrayList<>();
        send(new Basket.Open(id, "owner " + random.nextInt(10)));
        lived.add(live(id));
        for (int i = 1 + random.nextInt(60); i > 0; i--) {
            send(new Basket.Apply(id, any(id, random)));
            lived.add(live(id));
        }
        for (int sequence = 0; sequence < lived.size(); sequence++) {
            AggregateState state = history.at(id, new Point.Sequence(sequence));
            assertThat(state.state()).as("seed %s, sequence %s", seed, sequence).isEqualTo(lived.get(sequence));
            assertThat(state.version().sequence()).isEqualTo(sequence);
            assertThat(state.notes()).isEmpty();
        }
        AggregateState last = history.at(id, Point.LAST);
        assertThat(last.lastSequence()).isEqualTo(lived.size() - 1L);
        assertThat(last.state()).isEqualTo(lived.get(lived.size() - 1));
    }

    private static Object any(String id, Random random) {
        String item = "item-" + random.nextInt(5);
        return switch (random.nextInt(4)) {
            case 0 -> new Basket.Taken(id, item);
            case 1 -> new Basket.Named(id, random.nextBoolean() ? null : "name " + random.nextInt(3));
            default -> new Basket.Put(id, item, random.nextInt(9));
        };
    }

    @Test
    void tellsWhatHasChangedFieldByFieldAndByWhichEvent() {
        send(new Basket.Open("diff", "c-1"));
        send(new Basket.Apply("diff", new Basket.Put("diff", "apple", 2)));
        send(new Basket.Apply("diff", new Basket.Put("diff", "pear", 1)));
        send(new Basket.Apply("diff", new Basket.Named("diff", "lunch")));
        send(new Basket.Apply("diff", new Basket.Taken("diff", "apple")));

        AggregateDifference difference = history.between("diff", new Point.Sequence(1), Point.LAST);

        assertThat(difference.from().sequence()).isEqualTo(1);
        assertThat(difference.to().sequence()).isEqualTo(4);
        assertThat(difference.changes())
                .extracting(change ->
                        change.field() + ": " + change.before() + " -> " + change.after() + " by " + change.by())
                .containsExactlyInAnyOrder(
                        "name: null -> \"lunch\" by [3]",
                        "total: 2 -> 1 by [2, 4]",
                        "items.apple: 2 -> null by [4]",
                        "items.pear: null -> 1 by [2]");
        assertThat(difference.events())
                .extracting(event -> event.version().type())
                .containsExactly("basket.put.v1", "basket.named.v1", "basket.taken.v1");
        assertThat(difference.events().get(1).changes())
                .extracting(FieldChange::field)
                .containsExactly("name");

        AggregateDifference none = history.between("diff", Point.LAST, Point.LAST);
        assertThat(none.changes()).isEmpty();
        assertThat(none.events()).isEmpty();
        assertThatThrownBy(() -> history.between("diff", Point.LAST, new Point.Sequence(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("before the first one");
    }

    @Test
    void aTimeMeansWhatHadOccurredByThen() {
        send(new Basket.Open("timed", "c-1"));
        send(new Basket.Apply("timed", new Basket.Named("timed", "a")));
        AggregateVersions versions = history.versions("timed", 0, 10);
        Instant second = versions.versions().get(1).occurredAt();

        assertThat(history.at("timed", new Point.Time(second)).version().sequence())
                .isEqualTo(1);
        assertThat(history.at("timed", new Point.Time(second.minus(1, ChronoUnit.MICROS)))
                        .version()
                        .sequence())
                .isZero();
        Instant before = versions.versions().get(0).occurredAt().minusSeconds(1);
        assertThatThrownBy(() -> history.at("timed", new Point.Time(before)))
                .isInstanceOf(NoSuchStateException.class)
                .hasMessageContaining("its first event occurred at "
                        + versions.versions().get(0).occurredAt());
    }

    @Test
    void listsTheVersionsAPageAtATime() {
        send(new Basket.Open("paged", "c-1"));
        send(new Basket.Apply("paged", new Basket.Named("paged", "a")));
        send(new Basket.Apply("paged", new Basket.Named("paged", "b")));
        AggregateVersions first = history.versions("paged", 0, 2);
        assertThat(first.aggregateType()).isEqualTo("Basket");
        assertThat(first.versions()).extracting(AggregateVersion::sequence).containsExactly(0L, 1L);
        assertThat(first.versions()).allSatisfy(version -> {
            assertThat(version.position()).isPositive();
            assertThat(version.processKey()).isEqualTo("paged");
            assertThat(version.note()).isNull();
        });
        assertThat(first.next()).isEqualTo(2);
        AggregateVersions second = history.versions("paged", 2, 2);
        assertThat(second.versions()).extracting(AggregateVersion::sequence).containsExactly(2L);
        assertThat(second.next()).isNull();
    }

    @Test
    void refusesWithASentenceWhatIsNotThere() {
        send(new Basket.Open("short", "c-1"));
        assertThatThrownBy(() -> history.at("nobody", Point.LAST))
                .isInstanceOf(NoSuchStateException.class)
                .hasMessageContaining("no aggregate nobody");
        assertThatThrownBy(() -> history.at("short", new Point.Sequence(1)))
                .isInstanceOf(NoSuchStateException.class)
                .hasMessageContaining("its last one is 0");
        assertThatThrownBy(() -> history.versions("short", 7, 10)).isInstanceOf(NoSuchStateException.class);
    }

    @Test
    void anEventThatNobodyKnowsAnyMoreIsToldAsItIsStored() throws SQLException {
        send(new Basket.Open("old", "c-1"));
        send(new Basket.Apply("old", new Basket.Named("old", "a")));
        send(new Basket.Apply("old", new Basket.Put("old", "apple", 3)));
        asAdmin(
                "update farandole.journal set payload_type = 'basket.weighed' where aggregate_id = 'old' and sequence = 1");

        AggregateState state = history.at("old", Point.LAST);
        assertThat(state.notes()).singleElement().asString().contains("Event 1 (basket.weighed.v1)", "does not know");
        assertThat(state.state()).isNotNull();
        assertThat(state.state().at("/total").asInt()).isEqualTo(3);
        assertThat(state.state().at("/name").isNull()).isTrue();
        AggregateVersion unknown = history.versions("old", 0, 10).versions().get(1);
        assertThat(unknown.raw()).contains("\"name\":\"a\"");
        List<Event> events =
                history.between("old", new Point.Sequence(0), Point.LAST).events();
        assertThat(events.get(0).changes()).isEmpty();
    }

    @Test
    void aHandlerThatThrowsEndsTheFoldBeforeItsEvent() throws SQLException {
        send(new Basket.Open("broken", "c-1"));
        send(new Basket.Apply("broken", new Basket.Put("broken", "apple", 3)));
        send(new Basket.Apply("broken", new Basket.Named("broken", "a")));
        asAdmin("update farandole.journal set payload = replace(payload, '3', '-3')"
                + " where aggregate_id = 'broken' and sequence = 1");

        AggregateState state = history.at("broken", Point.LAST);
        assertThat(state.version().sequence()).isZero();
        assertThat(state.notes()).singleElement().asString().contains("event 1", "nobody puts -3");
        assertThatThrownBy(() -> history.between("broken", new Point.Sequence(0), Point.LAST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose points before it");
    }

    @Test
    void ofATypeWithoutAClassTheEventsAreTold() {
        send(new Basket.Open("classless", "c-1"));
        AggregateHistory elsewhere = history(AggregateTypes.of());
        AggregateState state = elsewhere.at("classless", Point.LAST);
        assertThat(state.state()).isNull();
        assertThat(state.notes())
                .singleElement()
                .asString()
                .contains("is a Basket, for which this program has no class");
        assertThatThrownBy(() -> elsewhere.between("classless", Point.LAST, Point.LAST))
                .hasMessageContaining("ask for its versions instead");
    }

    @Test
    void whatIsDeletedIsToldAsDeleted() {
        send(new Basket.Open("gone", "c-1"));
        send(new Basket.Apply("gone", new Basket.ThrownAway("gone")));
        assertThat(history.at("gone", new Point.Sequence(0)).deleted()).isFalse();
        assertThat(history.at("gone", Point.LAST).deleted()).isTrue();
    }

    private static void send(Object command) {
        configuration.commandGateway().sendAndWait(command);
    }

    /** As the repository loads it now: from the cache, or from a snapshot and what followed. */
    private static JsonNode live(String id) {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
        try {
            return configuration.repository(Basket.class).load(id).invoke(SERIALIZER::fieldsOf);
        } finally {
            unit.rollback();
        }
    }

    private static void asAdmin(String sql) throws SQLException {
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void asksWithNoRightButToRead() {
        send(new Basket.Open("readable", "c-1"));
        JdbcTemplate jdbc = new JdbcTemplate(pool);
        Long before = jdbc.queryForObject("select count(*) from farandole.journal", Long.class);
        history.at("readable", Point.LAST);
        assertThat(jdbc.queryForObject("select count(*) from farandole.journal", Long.class))
                .isEqualTo(before);
    }
}
