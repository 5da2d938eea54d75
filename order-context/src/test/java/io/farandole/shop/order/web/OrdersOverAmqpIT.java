package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.farandole.boot.command.CommandsOverAmqp;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testservers.Patience;
import io.farandole.testservers.TestBroker.ContextUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service without a journal can order over the broker, and what it is answered. */
class OrdersOverAmqpIT {

    private static final Logger log = LoggerFactory.getLogger(OrdersOverAmqpIT.class);
    private static final String TYPE = "order.place-order.v1";
    private static final String ORDER =
            """
            {"customerId": "c-1", "paymentToken": "tok_ok", "lines": [{"productId": "p-1", "quantity": 2,
             "unitPrice": {"amount": "9.90", "currency": "EUR"}}]}""";

    private static Dance dance;
    private static Connection till;
    private static Channel channel;
    private static JdbcTemplate jdbc;

    private static final Map<String, Queue<Told>> TOLD = new ConcurrentHashMap<>();

    /** An answer as it came. */
    private record Told(String id, String type, JsonNode body, String text) {}

    @BeforeAll
    static void start() throws Exception {
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .following(PublishedLanguage.ENTRIES.stream()
                        .filter(entry -> entry.followers().contains("order"))
                        .map(PublishedLanguage.Entry::wireType)
                        .filter(type -> !type.startsWith("order."))
                        .toArray(String[]::new)));
        ContextUser user = dance.broker().provideSender("till", TYPE, "order.unheard-of.v1");
        till = dance.broker().connectionFactory(user).newConnection();
        channel = till.createChannel();
        channel.confirmSelect();
        jdbc = new JdbcTemplate(dance.context("order").database().adminDataSource());
        channel.basicConsume("till.replies", true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                String text = new String(body, StandardCharsets.UTF_8);
                TOLD.computeIfAbsent(properties.getCorrelationId(), key -> new ConcurrentLinkedQueue<>())
                        .add(new Told(
                                properties.getMessageId(),
                                properties.getType(),
                                JsonMapper.shared().readTree(text),
                                text));
            }
        });
    }

    @BeforeEach
    void forget() {
        TOLD.clear();
    }

    @AfterAll
    static void stop() {
        till.abort(1_000);
        dance.close();
    }

    private static BasicProperties.Builder command(String id) {
        return new BasicProperties.Builder()
                .messageId(id)
                .userId("till")
                .type(TYPE)
                .replyTo("till.replies")
                .contentType("application/json")
                .deliveryMode(2);
    }

    private static void send(BasicProperties properties, String body) throws Exception {
        channel.basicPublish("order.commands", TYPE, properties, body.getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(10_000);
    }

    private static Told told(String correlation, int times) {
        Patience.await()
                .until(() -> TOLD.getOrDefault(correlation, new ConcurrentLinkedQueue<>())
                                .size()
                        >= times);
        assertThat(all(correlation)).hasSize(times);
        return all(correlation).iterator().next();
    }

    private static long count(String sql, Object... values) {
        return Objects.requireNonNull(jdbc.queryForObject("select count(*) from " + sql, Long.class, values));
    }

    private static long orders() {
        return count("farandole.journal where own and wire_type = 'order.order-placed.v1'");
    }

    private static Collection<Told> all(String correlation) {
        return List.copyOf(TOLD.getOrDefault(correlation, new ConcurrentLinkedQueue<>()));
    }

    private static void assertAllTheSame(String correlation) {
        assertThat(all(correlation)).isNotEmpty();
        assertThat(all(correlation).stream().map(Told::text).distinct()).hasSize(1);
        assertThat(all(correlation).stream().map(Told::id).distinct()).hasSize(1);
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    @Test
    void placesAnOrderAndTellsItsTicketOnce() throws Exception {
        String id = fresh();
        long before = orders();
        send(command(id).build(), ORDER);
        Told answer = told(id, 1);
        assertThat(answer.type()).isEqualTo("farandole.command-done.v1");
        assertThat(answer.body().path("command").asString("")).isEqualTo(id);
        String order = answer.body().path("result").path("orderId").asString("");
        assertThat(orders()).isEqualTo(before + 1);
        assertThat(jdbc.queryForObject(
                        "select causation_id from farandole.journal where own and wire_type = 'order.order-placed.v1'"
                                + " and process_key = ?",
                        String.class,
                        order))
                .isEqualTo(id);
        assertThat(jdbc.queryForObject("select body from farandole.command where id = ?", String.class, id))
                .isNull();
    }

    @Test
    void answersARepetitionFromMemoryOfTheFirst() throws Exception {
        String id = fresh();
        long before = orders();
        send(command(id).build(), ORDER);
        told(id, 1);
        send(command(id).build(), ORDER);
        send(command(id).build(), ORDER);
        told(id, 3);
        assertAllTheSame(id);
        assertThat(orders()).isEqualTo(before + 1);
    }

    @Test
    void refusesWhatIsNoOrderAsHttpDoes() throws Exception {
        long before = orders();
        String id = fresh();
        send(command(id).build(), ORDER.replace("\"quantity\": 2", "\"quantity\": 0"));
        JsonNode refused = told(id, 1).body();
        assertThat(refused.path("outcome").asString("")).isEqualTo("refused");
        assertThat(refused.path("reason").asString("")).isEqualTo("invalid");
        assertThat(refused.path("errors").path(0).path("field").asString("")).isEqualTo("lines[0].quantity");

        String price = fresh();
        send(command(price).build(), ORDER.replace("9.90", "0.001"));
        assertThat(told(price, 1).body().path("errors").path(0).path("field").asString(""))
                .isEqualTo("lines[0].unitPrice");
        assertThat(orders()).isEqualTo(before);
    }

    /** Nobody has set this service up to seal them, and it never keeps one in clear. */
    @Test
    void refusesAnAddressWhereNoneAreKept() throws Exception {
        long before = orders();
        String id = fresh();
        send(command(id).build(), ORDER.replace("\"lines\"", "\"deliverTo\": \"Ada, 1 Main Street\", \"lines\""));
        JsonNode refused = told(id, 1).body();
        assertThat(refused.path("reason").asString("")).isEqualTo("addresses-not-kept");
        assertThat(refused.path("detail").asString("")).contains("farandole.personal.master-key");
        assertThat(orders()).isEqualTo(before);
        assertThat(count("farandole.command where body like '%Main Street%'")).isZero();
    }

    private static String reasonOf(BasicProperties properties, String routingKey, String body, String correlation)
            throws Exception {
        channel.basicPublish("order.commands", routingKey, properties, body.getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(10_000);
        JsonNode answer = told(correlation, 1).body();
        assertThat(answer.path("outcome").asString("")).isEqualTo("refused");
        assertThat(answer.path("detail").asString("")).isNotBlank();
        return answer.path("reason").asString("");
    }

    @Test
    void saysWhyWhatIsNoCommandIsRefused() throws Exception {
        long before = orders();
        String id = fresh();
        assertThat(reasonOf(command(id).type("order.unheard-of.v1").build(), "order.unheard-of.v1", ORDER, id))
                .isEqualTo("unknown-type");
        id = fresh();
        assertThat(reasonOf(command(id).type("order.unheard-of.v1").build(), TYPE, ORDER, id))
                .isEqualTo("type-mismatch");
        id = fresh();
        assertThat(reasonOf(command(id).build(), TYPE, "{\"customerId\": ", id)).isEqualTo("malformed-json");
        id = fresh();
        assertThat(reasonOf(command(id).build(), TYPE, "[]", id)).isEqualTo("malformed-json");
        id = fresh();
        assertThat(reasonOf(command(id).contentType("text/xml").build(), TYPE, "<order/>", id))
                .isEqualTo("unsupported-content");
        id = fresh();
        assertThat(reasonOf(command(id).build(), TYPE, "{\"a\": \"" + "x".repeat(70_000) + "\"}", id))
                .isEqualTo("body-too-long");
        id = fresh();
        assertThat(reasonOf(
                        command(id)
                                .headers(Map.of("farandole-not-after", "tomorrow"))
                                .build(),
                        TYPE,
                        ORDER,
                        id))
                .isEqualTo("malformed-header");
        id = fresh();
        assertThat(reasonOf(command(id).messageId(null).correlationId(id).build(), TYPE, ORDER, id))
                .isEqualTo("missing-id");
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void answersNobodyForWhomTheBrokerDoesNotVouchAndNoQueueOfAnother() throws Exception {
        String anonymous = fresh();
        String foreign = fresh();
        send(command(anonymous).userId(null).build(), ORDER);
        send(command(foreign).replyTo("tillage.replies").build(), ORDER);
        String last = fresh();
        send(command(last).build(), ORDER);
        told(last, 1);
        assertThat(TOLD.keySet()).containsExactly(last);
        assertThat(jdbc.queryForList(
                        "select reason from farandole.command where reason in ('missing-user-id', 'foreign-reply-to')"
                                + " and reply_to is null order by position",
                        String.class))
                .containsExactly("missing-user-id", "foreign-reply-to");
    }

    @Test
    void refusesAnotherCommandUnderAKnownIdAndKeepsTheFirstAnswer() throws Exception {
        long before = orders();
        String id = fresh();
        send(command(id).build(), ORDER);
        String first = told(id, 1).text();
        send(command(id).correlationId("other-" + id).build(), ORDER.replace("c-1", "c-2"));
        assertThat(told("other-" + id, 1).body().path("reason").asString("")).isEqualTo("id-reused");
        send(command(id).correlationId("again-" + id).build(), ORDER);
        assertThat(told("again-" + id, 1).text()).isEqualTo(first);
        assertThat(orders()).isEqualTo(before + 1);
    }

    @Test
    void placesOneOrderForCopiesThatComeAtOnce() throws Exception {
        long before = orders();
        String id = fresh();
        for (int i = 0; i < 50; i++) {
            channel.basicPublish("order.commands", TYPE, command(id).build(), ORDER.getBytes(StandardCharsets.UTF_8));
        }
        channel.waitForConfirmsOrDie(10_000);
        String last = fresh();
        send(command(last).build(), ORDER);
        told(last, 1);
        assertAllTheSame(id);
        assertThat(orders()).isEqualTo(before + 2);
    }

    @Test
    void doesNotCarryOutWhatIsTooLate() throws Exception {
        long before = orders();
        String id = fresh();
        assertThat(reasonOf(
                        command(id)
                                .headers(Map.of(
                                        "farandole-not-after",
                                        Instant.now().minusSeconds(1).toString()))
                                .build(),
                        TYPE,
                        ORDER,
                        id))
                .isEqualTo("time-limit-passed");
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void answersAlsoWhatExpiresInTheQueueWhileTheServiceIsAway() throws Exception {
        long before = orders();
        CommandsStopped away = new CommandsStopped();
        String late = fresh();
        String patient = fresh();
        try {
            away.stop();
            send(command(late).expiration("100").build(), ORDER);
            send(command(patient).expiration("600000").build(), ORDER);
            Patience.await().until(() -> {
                try (Connection admin = dance.broker().adminConnectionFactory().newConnection()) {
                    return admin.createChannel().messageCount("order.commands.dlq") == 1;
                }
            });
        } finally {
            away.start();
        }
        assertThat(told(late, 1).body().path("reason").asString("")).isEqualTo("time-limit-passed");
        assertThat(told(patient, 1).body().path("outcome").asString("")).isEqualTo("done");
        assertThat(orders()).isEqualTo(before + 1);
    }

    /** The part of the service that takes commands, for as long as it is away. */
    private static final class CommandsStopped {

        private final CommandsOverAmqp part = dance.context("order").bean(CommandsOverAmqp.class);

        void stop() {
            part.stop();
        }

        void start() {
            part.start();
        }
    }

    @Test
    void keepsAnAnswerForWhichThereIsNoQueueAndGivesItToARepetition() throws Exception {
        String id = fresh();
        send(command(id).replyTo("till.nowhere").build(), ORDER);
        Patience.await().until(() -> count("farandole.command where id = ? and outcome = 'done'", id) == 1);
        Patience.await().until(() -> count("farandole.command_reply") == 0);
        assertThat(TOLD).doesNotContainKey(id);
        send(command(id).build(), ORDER);
        assertThat(told(id, 1).type()).isEqualTo("farandole.command-done.v1");
    }

    @Test
    void theBrokerKeepsASenderToItsOwnCommandsNameAndReplies() throws Exception {
        ContextUser other = dance.broker().provideSender("kiosk", "order.unheard-of.v1");
        assertRefused(
                other,
                kiosk -> kiosk.basicPublish(
                        "order.commands", TYPE, command("x").userId("kiosk").build(), new byte[0]));
        assertRefused(
                other,
                kiosk -> kiosk.basicPublish(
                        "order.commands",
                        "order.unheard-of.v1",
                        command("x").userId("till").build(),
                        new byte[0]));
        assertRefused(other, kiosk -> kiosk.basicPublish("order.events", TYPE, null, new byte[0]));
        assertRefused(other, kiosk -> kiosk.queueBind("kiosk.replies", "order.replies", "till.replies"));
        assertRefused(other, kiosk -> kiosk.queueBind("kiosk.replies", "order.replies", "#"));
        assertRefused(other, kiosk -> kiosk.basicGet("till.replies", true));
    }

    @FunctionalInterface
    private interface Attempt {
        void on(Channel channel) throws Exception;
    }

    private static void assertRefused(ContextUser user, Attempt attempt) throws Exception {
        try (Connection connection = dance.broker().connectionFactory(user).newConnection()) {
            Channel own = connection.createChannel();
            own.confirmSelect();
            assertThatThrownBy(() -> {
                        attempt.on(own);
                        own.waitForConfirmsOrDie(10_000);
                        throw new AssertionError("The broker allows it");
                    })
                    .isNotInstanceOf(AssertionError.class);
            Patience.await().until(() -> !own.isOpen());
            assertThat(String.valueOf(own.getCloseReason())).containsAnyOf("ACCESS_REFUSED", "user_id");
        }
    }

    @Test
    void takesThousandsASecondAndPlacesHundreds() throws Exception {
        long before = orders();
        int buyers = 5_000;
        long began = System.nanoTime();
        for (int i = 0; i < buyers; i++) {
            channel.basicPublish(
                    "order.commands",
                    TYPE,
                    command("sale-" + began + "-" + i).build(),
                    ORDER.getBytes(StandardCharsets.UTF_8));
        }
        channel.waitForConfirmsOrDie(60_000);
        long sent = System.nanoTime();
        Patience.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count("farandole.command where id like 'sale-%'") == buyers);
        long stored = System.nanoTime();
        Patience.await().pollInterval(Duration.ofMillis(20)).until(() -> TOLD.size() == buyers);
        long answered = System.nanoTime();
        assertThat(orders()).isEqualTo(before + buyers);
        log.info(
                "{} commands at {}: sent within {} ms, stored within {} ms, answered within {} ms",
                buyers,
                Instant.now(),
                TimeUnit.NANOSECONDS.toMillis(sent - began),
                TimeUnit.NANOSECONDS.toMillis(stored - began),
                TimeUnit.NANOSECONDS.toMillis(answered - began));
    }
}
