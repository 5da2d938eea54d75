package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessorSettingsTest {

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withSegments(0)).hasMessageContaining("segments");
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withBatchSize(-1)).hasMessageContaining("batchSize");
        assertThatThrownBy(() -> ProcessorSettings.DEFAULTS.withTokenClaimInterval(Duration.ZERO))
                .hasMessageContaining("tokenClaimInterval");
    }
}
