package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SagaStateCodecTest {

    private static final UnknownFields NONE = new UnknownFields();

    private final JsonCodec json = new JsonCodec();

    @Test
    void keepsEveryKindOfField() {
        SagaStateCodec<Rich> codec = codec(Rich.class, Rich::new, 1);
        codec.verify();
        Rich saga = new Rich();
        saga.fill();
        String written = codec.write(saga, NONE);
        assertThat(written).doesNotContain("gateway", "resource", "byMethod", "derived", "class");
        Rich read = codec.read(written, 1, "key", new UnknownFields());
        assertThat(codec.write(read, NONE)).isEqualTo(written);
        assertThat(read.names).containsExactly("a", "b");
        assertThat(read.lines).containsExactly(new Line("p-1", new BigDecimal("9.90")));
        assertThat(read.nested.depth).isEqualTo(3);
        assertThat(read.kinds).containsEntry(Kind.SECOND, 2L);
        assertThat(read.inherited).isEqualTo("from above");
        assertThat(read.when).isEqualTo(Instant.parse("2026-11-20T10:00:00.123456789Z"));
        assertThat(read.maybe).contains("yes");
        assertThat(read.resource).isNull();
    }

    @Test
    void toleratesFieldsThatComeAndGo() {
        SagaStateCodec<Rich> codec = codec(Rich.class, Rich::new, 1);
        Rich read = codec.read("{\"gone\":1,\"count\":4}", 1, "key", new UnknownFields());
        assertThat(read.count).isEqualTo(4);
        assertThat(read.names).isEmpty();
        assertThat(read.limit).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void handsOnWhatANewerVersionHasWritten() {
        SagaStateCodec<Rich> codec = codec(Rich.class, Rich::new, 1);
        UnknownFields unknown = new UnknownFields();
        Rich read = codec.read(
                "{\"count\":4,\"remark\":{\"text\":\"new\",\"weights\":[1.10,2]},\"nested\":{\"depth\":3,\"gone\":1}}",
                1,
                "key",
                unknown);
        read.count = 5;
        String written = codec.write(read, unknown);
        assertThat(written).contains("\"count\":5", "\"remark\":{\"text\":\"new\",\"weights\":[1.10,2]}");
        assertThat(written)
                .as("fields of values inside the state take a state version")
                .doesNotContain("gone");
    }

    @Test
    void upcastsOlderStateAndRefusesNewer() {
        StateUpcaster upcaster = (state, from) -> {
            ObjectNode changed = state;
            changed.set("count", changed.remove("number"));
            return changed;
        };
        SagaStateCodec<Rich> codec = new SagaStateCodec<>(Rich.class, Rich::new, 2, upcaster, json);
        assertThat(codec.read("{\"number\":9}", 1, "key", new UnknownFields()).count)
                .isEqualTo(9);
        assertThatThrownBy(() -> codec.read("{}", 3, "key-7", NONE))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("key-7")
                .hasMessageContaining("newer program");
        assertThatThrownBy(() -> codec(Rich.class, Rich::new, 2).read("{}", 1, "key", NONE))
                .hasMessageContaining("no upcaster");
    }

    @Test
    void refusesAResourceThatIsNotTransient() {
        assertThatThrownBy(() -> codec(WithResource.class, WithResource::new, 1).verify())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("make it transient");
    }

    private <T> SagaStateCodec<T> codec(Class<T> type, java.util.function.Supplier<T> factory, int version) {
        return new SagaStateCodec<>(type, factory, version, SagaStateCodec.NO_OLDER_VERSION, json);
    }

    enum Kind {
        FIRST,
        SECOND
    }

    record Line(String product, BigDecimal price) {}

    static class Nested {
        private int depth;
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Inject {}

    static class Base {
        protected String inherited = "";
    }

    static class Rich extends Base {
        private transient @Nullable CommandGateway gateway;

        @Inject
        private @Nullable Object resource;

        private @Nullable Object byMethod;
        private int count;
        private final Set<String> names = new TreeSet<>();
        private final Map<String, List<Integer>> map = new LinkedHashMap<>();
        private List<Line> lines = new ArrayList<>();
        private Nested nested = new Nested();
        private Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
        private @Nullable Instant when;
        private Duration limit = Duration.ofMinutes(5);
        private @Nullable UUID id;
        private Optional<String> maybe = Optional.empty();
        private boolean isDone;

        @Inject
        void setByMethod(Object value) {
            byMethod = value;
        }

        String getDerived() {
            return "derived";
        }

        void fill() {
            inherited = "from above";
            resource = this;
            byMethod = this;
            gateway = null;
            count = 7;
            names.addAll(List.of("a", "b"));
            map.put("x", List.of(1, 2));
            lines.add(new Line("p-1", new BigDecimal("9.90")));
            nested.depth = 3;
            kinds.put(Kind.SECOND, 2L);
            when = Instant.parse("2026-11-20T10:00:00.123456789Z");
            limit = Duration.ofSeconds(90);
            id = UUID.fromString("00000000-0000-0000-0000-000000000007");
            maybe = Optional.of("yes");
            isDone = gateway == null && id != null && byMethod != null && !map.isEmpty();
        }

        boolean done() {
            return isDone;
        }
    }

    static class WithResource {
        private @Nullable CommandGateway gateway;

        @Nullable CommandGateway gateway() {
            return gateway;
        }
    }
}
