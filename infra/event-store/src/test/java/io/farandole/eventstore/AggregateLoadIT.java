package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An aggregate's snapshot and events are read in one go where a command is handled, and are what two questions would have found. */
class AggregateLoadIT {

    private static final int PAGE = 3;

    private JournalDatabase database;
    private Connections connections;
    private Journal journal;
    private JournalEventStorageEngine engine;
    private JournalEventStore store;

    @BeforeEach
    void open() {
        database = JournalDatabase.create("load");
        connections = new Connections(database.pool(), true);
        journal = new Journal(connections, JournalSettings.of("order"));
        JournalEventStorageEngine.Builder builder =
                JournalEventStorageEngine.builder().journal(journal).serializer(RegistrySerializer.of(Sample.types()));
        builder.batchSize(PAGE);
        engine = builder.build();
        store = JournalEventStore.builder().storageEngine(engine).build();
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
    }

    @Test
    void asksOnce() {
        append("o-1", 0, 2);
        inUnit(() -> {
            int before = connections.asked();
            assertThat(sequences("o-1")).containsExactly(0L, 1L);
            assertThat(sequences("nobody")).isEmpty();
            assertThat(connections.asked() - before).isEqualTo(2);
        });
    }

    @Test
    void readsOnBehindASnapshot() {
        append("o-1", 0, 5);
        engine.storeSnapshot(Sample.placed("o-1", 2));
        inUnit(() -> {
            int before = connections.asked();
            assertThat(sequences("o-1")).containsExactly(2L, 3L, 4L);
            assertThat(connections.asked() - before).isEqualTo(1);
        });
        assertThat(sequences("o-1")).as("outside of a unit of work").containsExactly(2L, 3L, 4L);
    }

    @Test
    void readsEverythingWhereTheSnapshotIsOfNoUse() {
        append("o-1", 0, 5);
        engine.storeSnapshot(Sample.placed("o-1", 2));
        database.asAdmin("update farandole.snapshot set payload_version = '9'");
        inUnit(() -> assertThat(sequences("o-1")).containsExactly(0L, 1L, 2L, 3L, 4L));
    }

    @Test
    void readsMoreThanAPage() {
        append("o-1", 0, 2 * PAGE + 1);
        inUnit(() -> assertThat(sequences("o-1")).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L));
    }

    @Test
    void seesWhatCameSinceTheLoadBefore() {
        append("o-1", 0, 1);
        inUnit(() -> {
            assertThat(sequences("o-1")).containsExactly(0L);
            append("o-1", 1, 1);
            assertThat(sequences("o-1")).containsExactly(0L, 1L);
            assertThat(engine.readSnapshot("o-1")).isEmpty();
            append("o-1", 2, 1);
            assertThat(sequences("o-1")).as("what nobody took is not kept").containsExactly(0L, 1L, 2L);
        });
    }

    @Test
    void keepsAggregatesApart() {
        append("o-1", 0, 1);
        append("o-2", 0, 2);
        inUnit(() -> {
            assertThat(engine.readSnapshot("o-1")).isEmpty();
            assertThat(engine.readEvents("o-2").asStream()).hasSize(2);
            assertThat(sequences("o-1")).containsExactly(0L);
        });
    }

    private void append(String aggregate, long first, int count) {
        journal.appendOwn(LongStream.range(first, first + count)
                .mapToObj(sequence -> Sample.entry(aggregate, sequence))
                .toList());
    }

    private List<Long> sequences(String aggregate) {
        return store.readEvents(aggregate)
                .asStream()
                .map(DomainEventMessage::getSequenceNumber)
                .toList();
    }

    private static void inUnit(Runnable work) {
        DefaultUnitOfWork.startAndGet(GenericMessage.asMessage("x")).execute(work);
    }
}
