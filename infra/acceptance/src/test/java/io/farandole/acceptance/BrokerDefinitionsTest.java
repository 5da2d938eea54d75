package io.farandole.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.PublishedLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The broker is set up from a file, the services from the published language: both say the same. */
class BrokerDefinitionsTest {

    private static final Path FILE = Path.of("../deploy/rabbitmq/definitions.json");

    private final JsonNode definitions = read();

    @Test
    void bindEachInboxToWhatItsContextFollows() {
        Set<String> bound = new TreeSet<>();
        for (JsonNode binding : definitions.get("bindings")) {
            if (binding.get("source").asString().endsWith(".events")) {
                bound.add(binding.get("source").asString() + " "
                        + binding.get("routing_key").asString() + " "
                        + binding.get("destination").asString());
            }
        }
        assertThat(bound).isEqualTo(followed("%s.events %s %s.inbox"));
    }

    @Test
    void letEachContextBindToWhatItFollowsAndToNothingElse() {
        Set<String> allowed = new TreeSet<>();
        for (String follower : contexts()) {
            for (PublishedLanguage.Entry<?> entry : PublishedLanguage.ENTRIES) {
                String source = entry.name().substring(0, entry.name().indexOf('.'));
                if (!source.equals(follower) && mayBind(follower, source, entry.wireType())) {
                    allowed.add(source + ".events " + entry.wireType() + " " + follower + ".inbox");
                }
            }
        }
        assertThat(allowed).isEqualTo(followed("%s.events %s %s.inbox"));
    }

    @Test
    void letNobodyPublishForAnother() {
        for (JsonNode permission : definitions.get("permissions")) {
            Pattern write = Pattern.compile(permission.get("write").asString());
            for (String context : contexts()) {
                assertThat(write.matcher(context + ".events").find())
                        .as("%s writes to %s.events", permission.get("user").asString(), context)
                        .isEqualTo(permission.get("user").asString().equals(context));
            }
            assertThat(write.matcher("").find()).as("the default exchange").isFalse();
        }
    }

    private boolean mayBind(String user, String source, String routingKey) {
        boolean read = stream("permissions")
                .filter(permission -> permission.get("user").asString().equals(user))
                .allMatch(permission -> Pattern.compile(permission.get("read").asString())
                        .matcher(source + ".events")
                        .find());
        // Without a topic permission, RabbitMQ would allow every routing key.
        boolean topic = stream("topic_permissions")
                .filter(permission -> permission.get("user").asString().equals(user)
                        && permission.get("exchange").asString().equals(source + ".events"))
                .allMatch(permission -> Pattern.compile(permission.get("read").asString())
                        .matcher(routingKey)
                        .find());
        return read && topic;
    }

    private java.util.stream.Stream<JsonNode> stream(String section) {
        return StreamSupport.stream(definitions.get(section).spliterator(), false);
    }

    private static Set<String> followed(String format) {
        Set<String> followed = new TreeSet<>();
        for (PublishedLanguage.Entry<?> entry : PublishedLanguage.ENTRIES) {
            String source = entry.name().substring(0, entry.name().indexOf('.'));
            entry.followers().forEach(follower -> followed.add(format.formatted(source, entry.wireType(), follower)));
        }
        return followed;
    }

    private static Set<String> contexts() {
        return Set.of("order", "stock", "payment");
    }

    private static JsonNode read() {
        try {
            return JsonMapper.shared().readTree(Files.readString(FILE));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
