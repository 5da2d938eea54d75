package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Headers;
import java.util.List;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngineTest;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Axon's own contract for storage engines, over the journal. */
class JournalEngineContractIT
        extends BatchingEventStorageEngineTest<JournalEventStorageEngine, BatchingEventStorageEngine.Builder> {

    private static JournalDatabase database;
    private static Journal journal;
    private JournalEventStorageEngine engine;

    @BeforeAll
    static void open() {
        database = JournalDatabase.create("contract");
        journal = new Journal(database.pool(), JournalSettings.of("test"));
    }

    @AfterAll
    static void close() {
        journal.close();
        database.close();
    }

    @BeforeEach
    void begin() {
        database.empty();
        journal.close();
        journal = new Journal(database.pool(), JournalSettings.of("test"));
        engine = createEngine();
        setTestSubject(engine);
    }

    @Override
    protected JournalEventStorageEngine createEngine(UnaryOperator<BatchingEventStorageEngine.Builder> customization) {
        JournalEventStorageEngine.Builder builder = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(RegistrySerializer.of(
                        EventTypes.builder().event("test.text", 1, String.class).build()));
        return ((JournalEventStorageEngine.Builder) customization.apply(builder)).build();
    }

    /** As Axon's, but the process key is there too. */
    @Test
    @Override
    public void storeAndLoadApplicationEvent() {
        engine.appendEvents(new GenericEventMessage<>("application event", MetaData.with("key", "value")));

        List<? extends EventMessage<?>> events = engine.readEvents(null, false).toList();

        assertThat(events).hasSize(1);
        EventMessage<?> event = events.get(0);
        assertThat(event.getPayload()).isEqualTo("application event");
        assertThat(event.getMetaData())
                .isEqualTo(MetaData.with("key", "value").and(Headers.PROCESS_KEY, event.getIdentifier()));
    }
}
