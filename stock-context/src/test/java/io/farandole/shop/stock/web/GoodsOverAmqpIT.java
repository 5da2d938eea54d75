package io.farandole.shop.stock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.stock.StockApplication;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testservers.Patience;
import io.farandole.testservers.TestBroker.ContextUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Goods that a service without a journal says came in; also by the guide's examples, as they stand. */
class GoodsOverAmqpIT {

    private static final String TYPE = "stock.receive-goods.v1";
    private static final Path EXAMPLES = Path.of("../infra/docs/examples/commands");

    private static Dance dance;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("stock", StockApplication.class)
                .following(PublishedLanguage.ENTRIES.stream()
                        .filter(entry -> entry.followers().contains("stock"))
                        .map(PublishedLanguage.Entry::wireType)
                        .filter(type -> !type.startsWith("stock."))
                        .toArray(String[]::new)));
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    @Test
    void countsGoodsOnceAndRefusesWhatIsNoReceipt() throws Exception {
        ContextUser user = dance.broker().provideSender("depot", TYPE);
        try (Connection depot = dance.broker().connectionFactory(user).newConnection()) {
            Channel channel = depot.createChannel();
            String receipt = "{\"productId\": \"p-1\", \"quantity\": 40}";
            JsonNode first = answer(channel, "r-1", receipt);
            assertThat(first.path("outcome").asString("")).isEqualTo("done");
            assertThat(available(first)).isEqualTo(40);
            assertThat(answer(channel, "r-1", receipt)).isEqualTo(first);
            assertThat(available(answer(channel, "r-2", receipt))).isEqualTo(80);
            JsonNode half = answer(channel, "r-3", "{\"productId\": \"p-1\", \"quantity\": 0.5}");
            assertThat(half.path("reason").asString("")).isEqualTo("invalid");
            assertThat(half.path("errors").path(0).path("field").asString("")).isEqualTo("quantity");
        }
    }

    @Test
    void refusesMorePiecesThanAreKept() throws Exception {
        dance.context("stock").send(new ReceiveGoods("p-many", StockLevel.MOST - 10));
        ContextUser user = dance.broker().provideSender("depot", TYPE);
        try (Connection depot = dance.broker().connectionFactory(user).newConnection()) {
            Channel channel = depot.createChannel();
            JsonNode refused = answer(channel, "m-1", "{\"productId\": \"p-many\", \"quantity\": 11}");
            assertThat(refused.path("reason").asString("")).isEqualTo("too-many-pieces");
            assertThat(refused.path("detail").asString("")).contains(Long.toString(StockLevel.MOST));
            assertThat(available(answer(channel, "m-2", "{\"productId\": \"p-many\", \"quantity\": 10}")))
                    .isEqualTo(StockLevel.MOST);
        }
    }

    @Test
    void theExampleWithCurlSendsAndShowsTheAnswer() throws Exception {
        assumeThat(isInstalled("curl")).as("curl is installed").isTrue();
        ContextUser till = dance.broker().provideSender("till", TYPE);
        String receipt = "{\"productId\": \"p-curl\", \"quantity\": 5}";
        for (int times = 1; times <= 2; times++) {
            JsonNode shown =
                    read(example(till, 0, EXAMPLES.resolve("send-command.sh").toString(), "r-1", TYPE, receipt));
            assertThat(shown.path(0).path("properties").path("correlation_id").asString(""))
                    .isEqualTo("r-1");
            assertThat(available(read(shown.path(0).path("payload").asString(""))))
                    .isEqualTo(5);
        }
        assertThat(run(till, EXAMPLES.resolve("send-command.sh").toString(), "r-2", "stock.sell-all.v1", receipt)
                        .exitCode())
                .as("the broker lets a sender send what it may, and nothing else")
                .isNotZero();
    }

    /** Where its one package is installed: a test does not fetch it. */
    @Test
    void theExampleInAnotherLanguageSendsAndShowsTheAnswer() throws Exception {
        assumeThat(isInstalled("node") && Files.isDirectory(EXAMPLES.resolve("node_modules/amqplib")))
                .as("Node and amqplib are installed")
                .isTrue();
        ContextUser kiosk = dance.broker().provideSender("kiosk", TYPE);
        String script = EXAMPLES.resolve("send-command.mjs").toString();
        String receipt = "{\"productId\": \"p-node\", \"quantity\": 7}";
        String first = example(kiosk, 0, "node", script, "r-1", TYPE, receipt);
        assertThat(available(read(first))).isEqualTo(7);
        assertThat(example(kiosk, 0, "node", script, "r-1", TYPE, receipt)).isEqualTo(first);
        assertThat(read(example(kiosk, 1, "node", script, "r-1", TYPE, receipt.replace('7', '8')))
                        .path("reason")
                        .asString(""))
                .isEqualTo("id-reused");
    }

    /** What it prints. */
    private static String example(ContextUser sender, int exitCode, String... command) throws Exception {
        Run run = run(sender, command);
        assertThat(run.exitCode()).as(run.printed()).isEqualTo(exitCode);
        return run.printed();
    }

    private record Run(int exitCode, String printed) {}

    private static Run run(ContextUser sender, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "RABBIT_API", dance.broker().managementUrl() + "/api",
                        "RABBIT_PORT", Integer.toString(dance.broker().port()),
                        "RABBIT_VHOST", dance.broker().vhost(),
                        "RABBIT_USER", sender.name(),
                        "RABBIT_PASSWORD", sender.password()));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), printed);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json);
    }

    private static long available(JsonNode answer) {
        return answer.path("result").path("available").asLong(0);
    }

    private static JsonNode answer(Channel channel, String id, String body) throws Exception {
        channel.basicPublish(
                "stock.commands",
                TYPE,
                new BasicProperties.Builder()
                        .messageId(id)
                        .userId("depot")
                        .replyTo("depot.replies")
                        .deliveryMode(2)
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
        GetResponse reply = Patience.await().until(() -> channel.basicGet("depot.replies", true), Objects::nonNull);
        return read(new String(reply.getBody(), StandardCharsets.UTF_8));
    }
}
