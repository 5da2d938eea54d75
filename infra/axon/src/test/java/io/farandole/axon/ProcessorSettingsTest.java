package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessorSettingsTest {

    @Test
    void waitsDoubleUpToTheLongest() {
        ProcessorSettings settings =
                ProcessorSettings.DEFAULTS.withRetries(20, Duration.ofMillis(100), Duration.ofSeconds(1));
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 1_000)
                        .mapToObj(settings::backoffAfter)
                        .map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L, 1_000L);
    }

    @Test
    void parksAfterAboutFiftySecondsByDefault() {
        long millis = IntStream.range(1, ProcessorSettings.DEFAULTS.maxAttempts())
                .mapToLong(attempt ->
                        ProcessorSettings.DEFAULTS.backoffAfter(attempt).toMillis())
                .sum();
        assertThat(millis).isEqualTo(51_100);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withSegments(0)).hasMessageContaining("segments");
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withBatchSize(-1)).hasMessageContaining("batchSize");
        assertThatThrownBy(
                        () -> ProcessorSettings.DEFAULTS.withRetries(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("shorter");
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withTokenClaimInterval(Duration.ZERO))
                .hasMessageContaining("tokenClaimInterval");
    }
}
