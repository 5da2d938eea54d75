package io.farandole.shop.stock.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.stock.StockApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Goods that a service without a journal says came in. */
class GoodsOverAmqpIT {

    private static final String TYPE = "stock.receive-goods.v1";

    @Test
    void countsGoodsOnceAndRefusesWhatIsNoReceipt() throws Exception {
        try (Dance dance = Dance.of(Dancer.of("stock", StockApplication.class)
                        .following(PublishedLanguage.ENTRIES.stream()
                                .filter(entry -> entry.followers().contains("stock"))
                                .map(PublishedLanguage.Entry::wireType)
                                .filter(type -> !type.startsWith("stock."))
                                .toArray(String[]::new)));
                Connection depot = dance.broker()
                        .connectionFactory(dance.broker().provideSender("depot", TYPE))
                        .newConnection()) {
            Channel channel = depot.createChannel();
            String receipt = "{\"productId\": \"p-1\", \"quantity\": 40}";
            JsonNode first = answer(channel, "r-1", receipt);
            assertThat(first.path("outcome").asString("")).isEqualTo("done");
            assertThat(first.path("result").path("available").asLong(0)).isEqualTo(40);
            assertThat(answer(channel, "r-1", receipt)).isEqualTo(first);
            assertThat(answer(channel, "r-2", receipt)
                            .path("result")
                            .path("available")
                            .asLong(0))
                    .isEqualTo(80);
            JsonNode half = answer(channel, "r-3", "{\"productId\": \"p-1\", \"quantity\": 0.5}");
            assertThat(half.path("reason").asString("")).isEqualTo("invalid");
            assertThat(half.path("errors").path(0).path("field").asString("")).isEqualTo("quantity");
        }
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
        GetResponse reply = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> channel.basicGet("depot.replies", true), Objects::nonNull);
        return JsonMapper.shared().readTree(new String(reply.getBody(), StandardCharsets.UTF_8));
    }
}
