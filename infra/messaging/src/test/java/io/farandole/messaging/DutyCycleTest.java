package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DutyCycleTest {

    private static final long MILLI = 1_000_000;

    private long now = 5_000 * MILLI;

    private final DutyCycle quarter = new DutyCycle(0.25, Duration.ofMillis(20), Duration.ofMillis(50), now);

    @Test
    void whoIsBusyForLessThanItsShareNeverRests() {
        for (int i = 0; i < 1_000; i++) {
            now += 20 * MILLI;
            quarter.worked(5 * MILLI, now);
            assertThat(quarter.rest()).isZero();
        }
    }

    @Test
    void aBurstIsFree() {
        for (int i = 0; i < 5; i++) {
            now += 5 * MILLI;
            quarter.worked(5 * MILLI, now);
            assertThat(quarter.rest()).isZero();
        }
    }

    @Test
    void whoIsBusyAllTheTimeRestsUntilItsShareIsKept() {
        long busy = 0;
        long start = now;
        for (int i = 0; i < 1_000; i++) {
            now += 4 * MILLI;
            busy += 4 * MILLI;
            quarter.worked(4 * MILLI, now);
            now += quarter.rest();
        }
        assertThat((double) busy / (now - start)).isBetween(0.24, 0.27);
    }

    @Test
    void noRestIsLongerThanTheLongestHoweverLongABatchTook() {
        now += 10_000 * MILLI;
        quarter.worked(10_000 * MILLI, now);
        assertThat(quarter.rest()).isEqualTo(50 * MILLI);
        now += 50 * MILLI;
        quarter.worked(0, now);
        assertThat(quarter.rest()).isZero();
    }

    @Test
    void withTheWholeTimeThereIsNoRest() {
        DutyCycle always = new DutyCycle(1, Duration.ZERO, Duration.ofMillis(50), now);
        now += 100 * MILLI;
        always.worked(100 * MILLI, now);
        assertThat(always.rest()).isZero();
    }

    @Test
    void noTimeAtAllIsRefused() {
        assertThatThrownBy(() -> new DutyCycle(0, Duration.ZERO, Duration.ZERO, now))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DutyCycle(Double.NaN, Duration.ZERO, Duration.ZERO, now))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
