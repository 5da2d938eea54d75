package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

    record Line(String productId, int quantity) {}

    record Placed(String orderId, Instant at, List<Line> lines, @Nullable String note) {}

    record Anything(Object value) {}

    private final JsonCodec codec = new JsonCodec();

    @Test
    void writesAndReadsRecords() {
        Placed placed = new Placed("order-1", Instant.parse("2026-11-20T10:15:30Z"), List.of(new Line("p-1", 2)), null);
        String json = codec.write(placed);
        assertThat(json).contains("\"at\":\"2026-11-20T10:15:30Z\"");
        assertThat(codec.read(json, Placed.class)).isEqualTo(placed);
        assertThat(codec.read(json.getBytes(StandardCharsets.UTF_8), Placed.class))
                .isEqualTo(placed);
    }

    @Test
    void ignoresWhatANewerProducerAdds() {
        assertThat(codec.read("{\"productId\":\"p\",\"quantity\":1,\"colour\":\"red\"}", Line.class))
                .isEqualTo(new Line("p", 1));
    }

    @Test
    void refusesAMissingPrimitiveTrailingTextAndNull() {
        for (String json :
                List.of("{\"productId\":\"p\",\"quantity\":null}", "{\"quantity\":1} {}", "null", "", "{", "[]")) {
            assertThatThrownBy(() -> codec.read(json, Line.class)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void loadsNoClassThatTheTextNames() {
        String json = "{\"value\":{\"@class\":\"java.io.File\",\"path\":\"/etc/passwd\"}}";
        assertThat(codec.read(json, Anything.class).value()).isInstanceOf(java.util.Map.class);
        assertThat(codec.read("{\"value\":[\"java.io.File\",\"/etc/passwd\"]}", Anything.class)
                        .value())
                .isInstanceOf(List.class);
    }

    @Test
    void boundsNesting() {
        assertThat(codec.readTree(nested(JsonCodec.MAX_NESTING))).isNotNull();
        assertThatThrownBy(() -> codec.readTree(nested(JsonCodec.MAX_NESTING + 1)))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> codec.readTree(nested(1_000_000))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> codec.read("{\"value\":" + nested(JsonCodec.MAX_NESTING) + "}", Anything.class))
                .isInstanceOf(CodecException.class);
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    @Test
    void boundsStringsAndNumbers() {
        String fits = "{\"value\":\"" + "x".repeat(JsonCodec.MAX_STRING) + "\"}";
        assertThat(codec.read(fits, Anything.class).value()).asString().hasSize(JsonCodec.MAX_STRING);
        String tooLong = "{\"value\":\"" + "x".repeat(JsonCodec.MAX_STRING + 1) + "\"}";
        assertThatThrownBy(() -> codec.read(tooLong, Anything.class)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> codec.read("{\"value\":" + "9".repeat(101) + "}", Anything.class))
                .isInstanceOf(CodecException.class);
    }
}
