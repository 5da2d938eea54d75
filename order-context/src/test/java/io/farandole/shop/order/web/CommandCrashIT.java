package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestBroker.ContextUser;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The service dies at each moment between a command's arrival and the end of its reply: one order each, and one answer, byte by byte. */
class CommandCrashIT {

    private static final String TYPE = "order.place-order.v1";
    private static final int COMMANDS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String ORDER =
            """
            {"customerId": "c-1", "paymentToken": "tok_ok", "lines": [{"productId": "p-1", "quantity": 1,
             "unitPrice": {"amount": "9.90", "currency": "EUR"}}]}""";

    private TestDatabase database;
    private TestBroker broker;
    private Connection till;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void provide() throws Exception {
        database = PostgresServer.shared().createDatabase("order");
        broker = RabbitServer.shared().createVhost();
        ContextUser order = broker.provideContext(
                "order",
                PublishedLanguage.ENTRIES.stream()
                        .filter(entry -> entry.followers().contains("order"))
                        .map(PublishedLanguage.Entry::wireType)
                        .filter(type -> !type.startsWith("order."))
                        .toList());
        till = broker.connectionFactory(broker.provideSender("till", TYPE)).newConnection();
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.appUser());
        settings.put("spring.datasource.password", database.appPassword());
        settings.put("farandole.migration.user", database.migratorUser());
        settings.put("farandole.migration.password", database.migratorPassword());
        settings.put("farandole.migration.role", database.ownerRole());
        settings.put("spring.rabbitmq.host", broker.host());
        settings.put("spring.rabbitmq.port", Integer.toString(broker.port()));
        settings.put("spring.rabbitmq.virtual-host", broker.vhost());
        settings.put("spring.rabbitmq.username", order.name());
        settings.put("spring.rabbitmq.password", order.password());
        settings.put("farandole.rabbitmq.management-url", broker.managementUrl());
        settings.put("server.port", "0");
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        }
        till.abort(1_000);
        broker.close();
        database.close();
    }

    @Test
    void diesWithEffectsCommittedAndNobodyTold(@TempDir Path logs) throws Exception {
        diesAt(Failpoint.COMMANDS_COMMITTED, logs);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            value = Failpoint.class,
            names = {"COMMANDS_STORED", "COMMANDS_WRITTEN", "REPLY_PUBLISHED", "REPLIES_CONFIRMED", "REPLIES_SETTLED"})
    void diesAtAnyOtherMoment(Failpoint point, @TempDir Path logs) throws Exception {
        diesAt(point, logs);
    }

    private void diesAt(Failpoint point, Path logs) throws Exception {
        Channel channel = till.createChannel();
        channel.confirmSelect();
        declareCommands();
        for (int i = 0; i < COMMANDS; i++) {
            send(channel, "c-" + i);
        }
        channel.waitForConfirmsOrDie(10_000);
        Process first = start(logs.resolve("first.log"), "-Dregistration.test.halt-at=" + point.name());
        assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("dies at " + point)
                .isTrue();
        assertThat(first.exitValue()).isEqualTo(137);

        start(logs.resolve("second.log"));
        Map<String, Set<String>> answers = new TreeMap<>();
        collect(channel, answers, COMMANDS);
        // A sender that heard nothing repeats: each is answered from memory.
        for (int i = 0; i < COMMANDS; i++) {
            send(channel, "c-" + i);
        }
        send(channel, "last");
        collect(channel, answers, COMMANDS + 1);
        assertThat(answers).hasSize(COMMANDS + 1);
        assertThat(answers.values()).allSatisfy(bodies -> assertThat(bodies).hasSize(1));
        JdbcTemplate jdbc = new JdbcTemplate(database.adminDataSource());
        assertThat(jdbc.queryForObject(
                        "select count(*) from farandole.journal where own and wire_type = 'order.order-placed.v1'",
                        Long.class))
                .isEqualTo(COMMANDS + 1L);
        assertThat(jdbc.queryForObject(
                        "select count(distinct causation_id) from farandole.journal where own"
                                + " and wire_type = 'order.order-placed.v1'",
                        Long.class))
                .isEqualTo(COMMANDS + 1L);
    }

    /** The service would: this sends before it starts. */
    private void declareCommands() throws Exception {
        try (Connection admin = broker.adminConnectionFactory().newConnection()) {
            Channel channel = admin.createChannel();
            channel.queueDeclare(
                    "order.commands",
                    true,
                    false,
                    false,
                    Map.of("x-queue-type", "quorum", "x-single-active-consumer", true));
            channel.queueBind("order.commands", "order.commands", "#");
        }
    }

    private static void send(Channel channel, String id) throws IOException {
        channel.basicPublish(
                "order.commands",
                TYPE,
                new BasicProperties.Builder()
                        .messageId(id)
                        .userId("till")
                        .replyTo("till.replies")
                        .deliveryMode(2)
                        .build(),
                ORDER.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes replies until so many commands are answered; all bodies of each. */
    private static void collect(Channel channel, Map<String, Set<String>> answers, int commands) {
        Patience.await("answers").pollInterval(Duration.ofMillis(50)).until(() -> {
            for (GetResponse reply = channel.basicGet("till.replies", true);
                    reply != null;
                    reply = channel.basicGet("till.replies", true)) {
                answers.computeIfAbsent(reply.getProps().getCorrelationId(), key -> new TreeSet<>())
                        .add(reply.getProps().getMessageId() + " "
                                + new String(reply.getBody(), StandardCharsets.UTF_8));
            }
            return answers.size() >= commands;
        });
    }

    private Process start(Path log, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OrderApplication.class.getName()));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }
}
