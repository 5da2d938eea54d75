package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReclaimsTest {

    private final Reclaims reclaims = new Reclaims();

    @Test
    void claimsWhatHasBeenFreeForAWhile() {
        assertThat(reclaims.due(List.of(0, 1), segment -> segment == 1, seconds(0)))
                .isEmpty();
        assertThat(reclaims.due(List.of(0, 1), segment -> segment == 1, seconds(2)))
                .isEmpty();
        assertThat(reclaims.due(List.of(0, 1), segment -> segment == 1, seconds(3)))
                .containsExactly(0);
    }

    @Test
    void beginsAnewWhenSomebodyHadIt() {
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(0))).isEmpty();
        assertThat(reclaims.due(List.of(), segment -> false, seconds(2))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(3))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> true, seconds(5))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(6))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(9))).containsExactly(0);
    }

    @Test
    void leavesWhatWasReleasedOnPurpose() {
        reclaims.released(0, Duration.ofSeconds(60), seconds(0));
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(59))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(61))).isEmpty();
        assertThat(reclaims.due(List.of(0), segment -> false, seconds(65))).containsExactly(0);
    }

    private static long seconds(int value) {
        return Duration.ofSeconds(value).toNanos();
    }
}
