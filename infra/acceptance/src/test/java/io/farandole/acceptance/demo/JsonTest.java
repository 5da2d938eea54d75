package io.farandole.acceptance.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void readsWhatTheServicesAnswer() {
        assertThat(
                        Json.object(
                                "{\"status\":\"CAPTURED\", \"captured\":{\"amount\":\"9.90\"},\"n\":-1.50e2,\"no\":[],\"x\":{}}"))
                .isEqualTo(Map.of(
                        "status", "CAPTURED",
                        "captured", Map.of("amount", "9.90"),
                        "n", new BigDecimal("-1.50e2"),
                        "no", List.of(),
                        "x", Map.of()));
        assertThat(Json.read(" [true, false, null, \"a\\\"\\u0041\\n\"] "))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(true, false, null, "a\"A\n");
    }

    @Test
    void readsBackWhatItQuotes() {
        String text = "a \"quoted\" \\ line\n";
        assertThat(Json.read(Json.quote(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1", "{\"a\"}", "nonsense", "1 2", "\"open"})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
