package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageBrakeTest {

    private final OutageBrake brake = new OutageBrake("p", 3);

    @Test
    void isOnWhenSoManyDistinctProcessesFailInARow() {
        assertThat(fails("a")).isFalse();
        assertThat(fails("b")).isFalse();
        assertThat(fails("b")).isFalse();
        assertThat(fails("a")).isFalse();
        assertThat(fails("c")).isTrue();
        assertThat(fails("a")).isTrue();
        assertThat(brake.isOn()).isTrue();
        assertThat(brake.braked()).hasValueSatisfying(braked -> {
            assertThat(braked.processor()).isEqualTo("p");
            assertThat(braked.errorClass()).isEqualTo(IllegalStateException.class.getName());
        });
    }

    @Test
    void aSuccessInBetweenBeginsTheRowAnew() {
        fails("a");
        fails("b");
        assertThat(brake.succeeded(System.nanoTime())).isFalse();
        assertThat(fails("c")).isFalse();
        assertThat(fails("d")).isFalse();
        assertThat(fails("e")).isTrue();
    }

    @Test
    void aSuccessReleasesIt() {
        brakeIt();
        assertThat(brake.succeeded(System.nanoTime())).isTrue();
        assertThat(brake.isOn()).isFalse();
        assertThat(brake.braked()).isEmpty();
        assertThat(fails("a")).isFalse();
    }

    @Test
    void aSuccessThatBeganBeforeTheLastFailureTellsNothing() {
        long began = System.nanoTime();
        brakeIt();
        assertThat(brake.succeeded(began)).isFalse();
        assertThat(brake.isOn()).isTrue();
    }

    @Test
    void isNeverOnWithoutAThreshold() {
        OutageBrake none = new OutageBrake("p", 0);
        for (int key = 0; key < 100; key++) {
            assertThat(none.failed("k-" + key, new IllegalStateException())).isFalse();
        }
    }

    @Test
    void itsWaitsEndWithAReleaseOrAStop() throws Exception {
        brakeIt();
        assertThat(brake.isStoppedWithin(Duration.ofMillis(1))).isFalse();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> brake.isStoppedWithin(Duration.ofHours(1)));
        brake.succeeded(System.nanoTime());
        assertThat(waiting.get(Patience.SECONDS, TimeUnit.SECONDS)).isFalse();

        brakeIt();
        waiting = CompletableFuture.supplyAsync(() -> brake.isStoppedWithin(Duration.ofHours(1)));
        brake.stop();
        assertThat(waiting.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(brake.isStoppedWithin(Duration.ofHours(1))).isTrue();
        brake.open();
        assertThat(brake.isOn()).isFalse();
        assertThat(brake.isStoppedWithin(Duration.ofHours(1))).isFalse();
    }

    private void brakeIt() {
        fails("x");
        fails("y");
        assertThat(fails("z")).isTrue();
    }

    private boolean fails(String key) {
        return brake.failed(key, new ProcessFailedException(key, new IllegalStateException("down")));
    }
}
