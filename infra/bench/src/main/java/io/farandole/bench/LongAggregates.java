package io.farandole.bench;

import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.testservers.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventsourcing.AggregateSnapshotter;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.GenericAggregateFactory;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.Repository;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Aggregates with long histories: how long it takes to load one for a command when nothing of it is in memory, with snapshots
 * switched on as a context does it (registered by name, one every {@value #EVENTS} events) and without. Used by one thread.
 */
final class LongAggregates implements AutoCloseable {

    /** As in the stock context. */
    static final int EVENTS = 100;

    private static final String TEXT = "x".repeat(200);

    private final OpenJournal journal;
    private final Repository<Tally> with;
    private final Repository<Tally> without;
    private int filled;

    /** What the aggregate remembers; registered as {@code bench.counted}. */
    record Counted(String tallyId, long number, String text) {}

    /** Counts. */
    static final class Tally {

        @AggregateIdentifier
        private String tallyId;

        private long count;

        @SuppressWarnings("NullAway") // the first event brings the id
        Tally() {}

        long count() {
            return count;
        }

        void countOn() {
            AggregateLifecycle.apply(new Counted(tallyId, count, TEXT));
        }

        @EventSourcingHandler
        void on(Counted event) {
            tallyId = event.tallyId();
            count = event.number() + 1;
        }
    }

    LongAggregates(PostgresServer server) throws SQLException {
        journal = new OpenJournal(server, "bench");
        EventTypes types = EventTypes.builder()
                .event("bench.counted", 1, Counted.class, Counted::tallyId)
                .build();
        JournalEventStore events = journal.store(RegistrySerializer.builder(types, new JsonCodec())
                .aggregate("bench.tally", 1, Tally.class)
                .build());
        AggregateSnapshotter snapshotter = AggregateSnapshotter.builder()
                .eventStore(events)
                .transactionManager(journal.transactions())
                .aggregateFactories(new GenericAggregateFactory<>(Tally.class))
                .build();
        with = repository(events, new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS));
        without = repository(journal.store(RegistrySerializer.of(types)), NoSnapshotTriggerDefinition.INSTANCE);
    }

    private static Repository<Tally> repository(JournalEventStore events, SnapshotTriggerDefinition snapshots) {
        return EventSourcingRepository.builder(Tally.class)
                .eventStore(events)
                .snapshotTriggerDefinition(snapshots)
                .build();
    }

    /** Loads the same aggregate again and again. */
    final class Series {

        private final String id;
        private final Repository<Tally> repository;
        private long expected;

        private Series(String id, boolean snapshots, long events) {
            this.id = id;
            this.repository = snapshots ? with : without;
            this.expected = events;
        }

        /**
         * The time of so many loads, each followed by a command that applies one event.
         *
         * @throws VoidRunException if what was loaded is not what was stored
         */
        Latencies load(int times) {
            long[] nanos = new long[times];
            for (int i = 0; i < times; i++) {
                nanos[i] = load();
            }
            return new Latencies(nanos);
        }

        private long load() {
            AtomicLong took = new AtomicLong();
            AtomicLong count = new AtomicLong();
            journal.transact(() -> {
                long start = System.nanoTime();
                Aggregate<Tally> tally = repository.load(id);
                took.set(System.nanoTime() - start);
                count.set(tally.invoke(Tally::count));
                tally.execute(Tally::countOn);
            });
            if (count.get() != expected) {
                throw new VoidRunException(
                        "aggregates", List.of(id + " counts " + count.get() + " instead of " + expected));
            }
            expected++;
            return took.get();
        }

        /** Whether a snapshot of it is stored. */
        boolean hasSnapshot() {
            Long found = journal.admin()
                    .queryForObject("select count(*) from farandole.snapshot where aggregate_id = ?", Long.class, id);
            return found != null && found > 0;
        }
    }

    /** An aggregate with so many events in the journal, and no snapshot yet. */
    Series withEvents(int events, boolean snapshots) {
        String id = "tally-" + events + (snapshots ? "-with" : "-without") + "-" + filled++;
        JdbcTemplate admin = journal.admin();
        admin.update(
                """
                insert into farandole.journal (position, own, event_id, source, aggregate_type, aggregate_id, sequence,
                    payload_type, payload_version, payload, process_key, occurred_at)
                select nextval('farandole.journal_position'), true, gen_random_uuid()::text, 'bench', 'Tally', ?, n,
                    'bench.counted', 1, json_build_object('tallyId', ?::text, 'number', n, 'text', ?::text)::text, ?, now()
                from generate_series(0, ? - 1) as n order by n
                """,
                id,
                id,
                TEXT,
                id,
                events);
        admin.execute("vacuum (analyze) farandole.journal");
        return new Series(id, snapshots, events);
    }

    @Override
    public void close() {
        journal.close();
    }
}
