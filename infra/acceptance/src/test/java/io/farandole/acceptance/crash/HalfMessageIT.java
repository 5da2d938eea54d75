package io.farandole.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.acceptance.crash.PublisherProgram.End;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Listener;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A transactional message, or half message with check-back: it becomes visible to consumers exactly if the local transaction committed, also
 * when its producer dies in between. The producer dies at every point between the beginning of the transaction and the saved
 * confirm, a new one is started after each death, and at the end the messages seen are those of the committed transactions, no others.
 */
class HalfMessageIT {

    private static final String SPY = "spy";

    private final TestBroker broker = RabbitServer.shared().createVhost();
    private final TestDatabase producer = PostgresServer.shared().createDatabase(PublisherProgram.CONTEXT);
    private final TestDatabase consumer = PostgresServer.shared().createDatabase(ListenerProgram.CONTEXT);
    private TestBroker.ContextUser order;
    private TestBroker.ContextUser stock;

    private Path directory;

    @SuppressWarnings("NullAway.Init") // provide() fills the fields before each test
    HalfMessageIT() {}

    @BeforeEach
    void provide(@TempDir Path given) {
        directory = given;
        stock = broker.provideContext(ListenerProgram.CONTEXT, List.of(ListenerProgram.TYPE.wireType()));
        order = broker.provideContext(PublisherProgram.CONTEXT, List.of());
        producer.migrate();
        consumer.migrate();
    }

    @AfterEach
    void close() {
        broker.close();
        producer.close();
        consumer.close();
    }

    @Test
    void isVisibleExactlyIfItsTransactionCommittedWhereverTheProducerDies() throws Exception {
        Map<String, Boolean> committed = new LinkedHashMap<>();
        try (HikariDataSource pool = consumer.appPool(4);
                Journal inbox = new Journal(pool, JournalSettings.of(ListenerProgram.CONTEXT));
                Connection admin = broker.adminConnectionFactory().newConnection("spy");
                Channel spy = admin.createChannel()) {
            spy.queueDeclare(SPY, true, false, false, null);
            spy.queueBind(SPY, "order.events", "#");
            Listener listener = Listener.builder(
                            ListenerProgram.topology(),
                            Broker.of(broker.connectionFactory(stock)),
                            new JournalInbox(inbox))
                    .build();
            listener.start();
            try {
                for (End end : List.of(End.BEGUN, End.APPENDED, End.ROLLED_BACK, End.COMMITTED)) {
                    String event = "ends-" + end;
                    dieAt(event, end);
                    committed.put(event, end == End.COMMITTED);
                }
                for (Failpoint failpoint : List.of(
                        Failpoint.RELAY_READ,
                        Failpoint.RELAY_PUBLISHED,
                        Failpoint.RELAY_CONFIRMED,
                        Failpoint.RELAY_SAVED)) {
                    String event = "dies-at-" + failpoint;
                    dieAt(event, failpoint);
                    committed.put(event, true);
                }
                committed.put("lives", true);
                awaitInbox(committed);
            } finally {
                listener.stop();
            }
            Map<String, Integer> seen = seen(spy);
            JdbcTemplate journal = new JdbcTemplate(producer.appDataSource());
            committed.forEach((event, wasCommitted) -> {
                assertThat(journal.queryForObject(
                                "select count(*) from farandole.journal where event_id = ?", Integer.class, event))
                        .as("%s in the producer's journal", event)
                        .isEqualTo(wasCommitted ? 1 : 0);
                assertThat(seen.containsKey(event)).as("%s was visible", event).isEqualTo(wasCommitted);
            });
            assertThat(seen.keySet()).as("nothing else was").isSubsetOf(committed.keySet());
            assertThat(received()).as("each has one effect").containsExactlyInAnyOrderElementsOf(visible(committed));
        }
    }

    private void awaitInbox(Map<String, Boolean> committed) throws Exception {
        Process living = start(files("lives"), "lives", End.NONE);
        try {
            Patience.await().untilAsserted(() -> assertThat(received())
                    .containsExactlyInAnyOrderElementsOf(visible(committed)));
        } finally {
            living.destroyForcibly();
            assertThat(living.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> visible(Map<String, Boolean> committed) {
        return committed.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<String> received() {
        return new JdbcTemplate(consumer.appDataSource())
                .queryForList("select event_id from farandole.journal where not own", String.class);
    }

    private void dieAt(String event, End end) throws Exception {
        Process process = start(files(event), event, end);
        awaitEnd(process, event);
        assertThat(process.exitValue()).as(event).isEqualTo(137);
    }

    private void dieAt(String event, Failpoint failpoint) throws Exception {
        CrashFiles files = files(event);
        CrashPoint point = new CrashPoint(PublisherProgram.CONTEXT, failpoint, 1);
        files.planDeathAt(point);
        awaitEnd(start(files, event, End.NONE), event);
        assertThat(files.diedAt(point)).as("%s; see %s", point, log()).isTrue();
    }

    private static void awaitEnd(Process process, String event) throws InterruptedException {
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("%s; see %s", event, log())
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private CrashFiles files(String event) {
        return new CrashFiles(directory.resolve(event));
    }

    private Process start(CrashFiles files, String event, End end) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                AgentJar.option(directory),
                "-cp",
                System.getProperty("java.class.path"),
                PublisherProgram.class.getName(),
                producer.url(),
                producer.appUser(),
                producer.appPassword(),
                broker.host(),
                Integer.toString(broker.port()),
                broker.vhost(),
                order.name(),
                order.password(),
                event,
                end.name()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(CrashFiles.PLACE, files.place().toString());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log()));
        return builder.start();
    }

    private static File log() {
        return Path.of("target", "crash-publisher.log").toFile();
    }

    /** How often each event was published. */
    private static Map<String, Integer> seen(Channel spy) throws IOException {
        Map<String, Integer> seen = new TreeMap<>();
        for (GetResponse got = spy.basicGet(SPY, true); got != null; got = spy.basicGet(SPY, true)) {
            seen.merge(got.getProps().getMessageId(), 1, Integer::sum);
        }
        return seen;
    }
}
