package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static Envelope event(String id, @Nullable String subject, String processKey, String body) {
        return new Envelope(
                id,
                "order",
                new EventType("order.order-placed", 1),
                subject,
                Instant.EPOCH,
                processKey,
                1,
                null,
                null,
                null,
                null,
                body);
    }

    @Test
    void letsOrdinaryEventsTravel() {
        assertThat(Limits.violation(event("e-1", null, "k".repeat(1024), "{}"))).isEmpty();
        assertThat(Limits.violation(event("e".repeat(255), "é".repeat(512), "k", "x".repeat(1 << 20))))
                .isEmpty();
    }

    @Test
    void namesWhatDoesNotFitWithoutItsValue() {
        assertThat(Limits.violation(event("", null, "k", "{}")))
                .hasValueSatisfying(text -> assertThat(text).contains("the id"));
        assertThat(Limits.violation(event("e".repeat(256), null, "k", "{}"))).isPresent();
        assertThat(Limits.violation(event("e", "é".repeat(513), "k", "{}")))
                .contains("the subject is longer than 1024 bytes");
        assertThat(Limits.violation(event("e", null, "k".repeat(1025), "{}")))
                .contains("the process key is longer than 1024 bytes");
        assertThat(Limits.violation(event("e", null, "secret\u0000", "{}")))
                .contains("the process key holds control characters");
        assertThat(Limits.violation(event("e", null, "k", "x".repeat((1 << 20) + 1))))
                .contains("the body is longer than 1048576 bytes");
    }
}
