package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventType;
import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The definitions that administrators load give each context what {@link TopologySpec} names. */
class DefinitionsTest {

    private final JsonNode definitions = new JsonCodec().readTree(read());

    private static String read() {
        try {
            return Files.readString(Path.of("../deploy/rabbitmq/definitions.json"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode named(String kind, String name) {
        for (JsonNode node : definitions.path(kind)) {
            if (node.path("name").asString("").equals(name)) {
                return node;
            }
        }
        throw new AssertionError("No " + kind + " named " + name);
    }

    private TopologySpec spec(String context) {
        Set<EventType> follows = new HashSet<>();
        for (JsonNode binding : definitions.path("bindings")) {
            if (binding.path("destination").asString("").equals(context + ".inbox")
                    && binding.path("source").asString("").endsWith(".events")) {
                follows.add(EventType.parse(binding.path("routing_key").asString("")));
            }
        }
        return new TopologySpec(context, follows, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "stock", "payment"})
    void declareWhatAContextNeeds(String context) {
        TopologySpec spec = spec(context);
        assertThat(spec.follows()).isNotEmpty();
        assertThat(named("exchanges", spec.exchange()).path("type").asString(""))
                .isEqualTo("topic");
        assertThat(named("exchanges", spec.parking()).path("type").asString("")).isEqualTo("direct");
        JsonNode inbox = named("queues", spec.inbox()).path("arguments");
        assertThat(inbox.path("x-queue-type").asString("")).isEqualTo("quorum");
        assertThat(inbox.path("x-single-active-consumer").asBoolean(false)).isTrue();
        assertThat(inbox.size()).isEqualTo(2);
        for (String queue : Set.of(spec.deadLetters(), spec.unhandled())) {
            assertThat(named("queues", queue).path("arguments").toString()).isEqualTo("{\"x-queue-type\":\"quorum\"}");
        }
        Set<String> fromParking = new HashSet<>();
        for (JsonNode binding : definitions.path("bindings")) {
            if (binding.path("source").asString("").equals(spec.parking())) {
                fromParking.add(binding.path("routing_key").asString("") + " "
                        + binding.path("destination").asString(""));
            }
        }
        assertThat(fromParking)
                .containsExactlyInAnyOrder(
                        "inbox " + spec.inbox(), "unhandled " + spec.unhandled(), "dlq " + spec.deadLetters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "stock", "payment"})
    void giveTheInboxItsPolicy(String context) {
        TopologySpec spec = spec(context);
        JsonNode policy = null;
        for (JsonNode candidate : definitions.path("policies")) {
            if (spec.inbox().matches(candidate.path("pattern").asString(""))) {
                assertThat(policy).isNull();
                policy = candidate.path("definition");
            }
        }
        assertThat(policy).isNotNull();
        assertThat(policy.path("dead-letter-exchange").asString("")).isEqualTo(spec.parking());
        assertThat(policy.path("dead-letter-routing-key").asString("")).isEqualTo(TopologySpec.TO_DEAD_LETTERS);
        assertThat(policy.path("dead-letter-strategy").asString("")).isEqualTo("at-least-once");
        assertThat(policy.path("overflow").asString("")).isEqualTo("reject-publish");
        assertThat(policy.path("delivery-limit").asLong(0)).isEqualTo(TopologySpec.DELIVERY_LIMIT);
    }

    @Test
    void letEachContextReadExactlyWhatItFollows() {
        for (String context : Set.of("order", "stock", "payment")) {
            Set<String> followed =
                    spec(context).follows().stream().map(EventType::wireType).collect(Collectors.toSet());
            for (JsonNode permission : definitions.path("topic_permissions")) {
                String exchange = permission.path("exchange").asString("");
                if (permission.path("user").asString("").equals(context) && !exchange.equals(context + ".events")) {
                    String read = permission.path("read").asString("");
                    for (JsonNode binding : definitions.path("bindings")) {
                        String type = binding.path("routing_key").asString("");
                        if (binding.path("source").asString("").equals(exchange)) {
                            assertThat(type.matches(read)).isEqualTo(followed.contains(type));
                        }
                    }
                    assertThat("#".matches(read)).isFalse();
                    assertThat(permission.path("write").asString("")).isEqualTo("^$");
                }
            }
        }
    }
}
