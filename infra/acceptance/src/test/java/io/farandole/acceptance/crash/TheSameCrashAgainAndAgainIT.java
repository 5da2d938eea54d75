package io.farandole.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.rabbitmq.EnvelopeCodec;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A listener that dies at the same point 25 times, with a full queue before it, loses none of the messages, and is not taken for a victim of
 * any of them: nothing is dead-lettered or set aside. In RabbitMQ a crash counts as a delivery of everything that was prefetched, and what
 * was delivered too often goes to the dead letters.
 */
@Tag("slow")
class TheSameCrashAgainAndAgainIT {

    private static final int CRASHES = 25;
    private static final int MESSAGES = 10_000;

    private final TestBroker broker = RabbitServer.shared().createVhost();
    private final TestDatabase database = PostgresServer.shared().createDatabase(ListenerProgram.CONTEXT);
    private TestBroker.ContextUser order;
    private TestBroker.ContextUser stock;

    @SuppressWarnings("NullAway.Init") // provide() fills the fields before each test
    TheSameCrashAgainAndAgainIT() {}

    @BeforeEach
    void provide() {
        stock = broker.provideContext(ListenerProgram.CONTEXT, List.of(ListenerProgram.TYPE.wireType()));
        order = broker.provideContext("order", List.of());
        database.migrate();
    }

    @AfterEach
    void close() {
        broker.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failpoint.class,
            names = {"LISTENER_RECEIVED", "LISTENER_COMMITTED"})
    void noMessageIsLostOrBlamed(Failpoint failpoint, @TempDir Path directory) throws Exception {
        publish();
        CrashFiles files = new CrashFiles(directory.resolve("listener"));
        CrashPoint point = new CrashPoint(ListenerProgram.CONTEXT, failpoint, 1);
        for (int crash = 1; crash <= CRASHES; crash++) {
            files.planDeathAt(point);
            Process process = start(directory, files);
            try {
                assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS))
                        .as("crash %s of %s", crash, CRASHES)
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(files.diedAt(point)).as("as planned; see %s", log()).isTrue();
        }
        files.planLife();
        Process process = start(directory, files);
        try {
            Patience.await().untilAsserted(() -> assertThat(received()).isEqualTo(MESSAGES));
            Patience.await()
                    .untilAsserted(() -> assertThat(depth("stock.inbox")).isZero());
        } finally {
            process.destroyForcibly();
        }
        assertThat(received()).isEqualTo(MESSAGES);
        assertThat(depth("stock.inbox.dlq")).isZero();
        assertThat(depth("stock.unhandled")).isZero();
    }

    private void publish() throws Exception {
        EnvelopeCodec codec = new EnvelopeCodec();
        try (Connection connection = broker.connectionFactory(order).newConnection("acceptance-load")) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            for (int i = 1; i <= MESSAGES; i++) {
                EnvelopeCodec.Message message = codec.encode(new Envelope(
                        "event-" + i,
                        "order",
                        ListenerProgram.TYPE,
                        "order-" + i,
                        Instant.now(),
                        "order-" + i,
                        i,
                        null,
                        null,
                        null,
                        null,
                        "{}"));
                channel.basicPublish("order.events", message.routingKey(), true, message.properties(), message.body());
            }
            channel.waitForConfirmsOrDie(Patience.UNTIL_HUNG.toMillis());
        }
    }

    private Process start(Path directory, CrashFiles files) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                AgentJar.option(directory),
                "-cp",
                System.getProperty("java.class.path"),
                ListenerProgram.class.getName(),
                database.url(),
                database.appUser(),
                database.appPassword(),
                broker.host(),
                Integer.toString(broker.port()),
                broker.vhost(),
                stock.name(),
                stock.password()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(CrashFiles.PLACE, files.place().toString());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log()));
        return builder.start();
    }

    private static File log() {
        return Path.of("target", "crash-listener.log").toFile();
    }

    private long received() throws SQLException {
        try (java.sql.Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from farandole.journal where not own")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Messages in a queue that are ready to be delivered. */
    private long depth(String queue) throws Exception {
        try (Connection connection = broker.adminConnectionFactory().newConnection("acceptance-depth")) {
            Channel channel = connection.createChannel();
            AMQP.Queue.DeclareOk state = channel.queueDeclarePassive(queue);
            return state.getMessageCount();
        }
    }
}
