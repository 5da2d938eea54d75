package io.farandole.acceptance.patterns;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.RelaySettings;
import io.farandole.rabbitmq.RelayStatus;
import io.farandole.rabbitmq.TopologySpec;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TcpProxy;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A context {@code edge} that publishes and a context {@code centre} that receives, each with a journal of its own; between edge and broker a
 * network that can fail.
 */
final class Line implements AutoCloseable {

    static final EventType TYPE = new EventType("edge.reading-taken", 1);

    private static final String EDGE = "edge";
    private static final String CENTRE = "centre";

    private final TestBroker broker = RabbitServer.shared().createVhost();
    private final TcpProxy network = TcpProxy.to(broker.host(), broker.port());
    private final TestDatabase edge = PostgresServer.shared().createDatabase(EDGE);
    private final TestDatabase centre = PostgresServer.shared().createDatabase(CENTRE);
    private final HikariDataSource edgePool;
    private final HikariDataSource centrePool;
    private final Journal edgeJournal;
    private final Journal centreJournal;
    private final Relay relay;
    private final Listener listener;

    Line(JournalSettings edgeSettings, RelaySettings relaySettings) {
        edge.migrate();
        centre.migrate();
        Followers followers = Followers.builder().add(TYPE, List.of(CENTRE)).build();
        TestBroker.ContextUser centreUser = broker.provideContext(CENTRE, List.of(TYPE.wireType()));
        ConnectionFactory throughTheNetwork = broker.connectionFactory(broker.provideContext(EDGE, List.of()));
        throughTheNetwork.setHost(network.host());
        throughTheNetwork.setPort(network.port());
        edgePool = edge.appPool(8);
        centrePool = centre.appPool(4);
        edgeJournal = new Journal(edgePool, edgeSettings);
        centreJournal = new Journal(centrePool, JournalSettings.of(CENTRE));
        relay = Relay.builder(
                        TopologySpec.of(EDGE, followers), Broker.of(throughTheNetwork), new JournalOutbox(edgeJournal))
                .settings(relaySettings)
                .build();
        listener = Listener.builder(
                        TopologySpec.of(CENTRE, followers),
                        Broker.of(broker.connectionFactory(centreUser)),
                        new JournalInbox(centreJournal))
                .build();
        edgeJournal.start();
        listener.start();
        relay.start();
    }

    static JournalSettings edgeSettings() {
        return JournalSettings.of(EDGE);
    }

    TcpProxy network() {
        return network;
    }

    RelayStatus.State relay() {
        return relay.status().state();
    }

    /** Commits events at the edge, whether the broker can be reached or not. */
    void take(List<JournalEntry> readings) {
        edgeJournal.appendOwn(readings);
    }

    /** The event of a sensor with a number, the first of a sensor's having number 1. */
    static JournalEntry reading(String sensor, long number) {
        @Nullable String none = null;
        return new JournalEntry(
                sensor + "-" + number,
                "Sensor",
                sensor,
                number - 1,
                TYPE,
                "{\"number\":" + number + "}",
                none,
                sensor,
                sensor,
                none,
                none,
                TYPE,
                none,
                none,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    /** How many events the centre has received. */
    long received() {
        Long count = ofTheCentre().queryForObject("select count(*) from farandole.journal where not own", Long.class);
        return count == null ? 0 : count;
    }

    JdbcTemplate ofTheCentre() {
        return new JdbcTemplate(centrePool);
    }

    JdbcTemplate ofTheEdge() {
        return new JdbcTemplate(edgePool);
    }

    @Override
    public void close() {
        relay.stop();
        listener.stop();
        edgeJournal.close();
        centreJournal.close();
        edgePool.close();
        centrePool.close();
        network.close();
        broker.close();
        edge.close();
        centre.close();
    }
}
