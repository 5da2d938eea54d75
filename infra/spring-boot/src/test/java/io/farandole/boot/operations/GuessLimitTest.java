package io.farandole.boot.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessLimitTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final GuessLimit limit = new GuessLimit(nanos::get);
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void tenMayBeWrongAtOnceAndThenOneASecond() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(guess("10.0.0.1")).isEmpty();
        }
        assertThatThrownBy(() -> guess("10.0.0.1")).isInstanceOf(GuessLimit.TooManyException.class);
        assertThat(looks).hasValue(10);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(guess("10.0.0.1")).isEmpty();
        assertThatThrownBy(() -> guess("10.0.0.1")).isInstanceOf(GuessLimit.TooManyException.class);
    }

    @Test
    void otherAddressesAreNotConcerned() throws Exception {
        for (int i = 0; i < 10; i++) {
            guess("10.0.0.1");
        }
        assertThat(limit.look("10.0.0.2", () -> Optional.of(new Operator("ada"))))
                .isPresent();
    }

    @Test
    void rightOnesCostNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            limit.look("10.0.0.1", () -> Optional.of(new Operator("ada")));
        }
        assertThat(guess("10.0.0.1")).isEmpty();
    }

    @Test
    void manyAddressesTakeNoMoreRoomThanSome() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            guess("10.0." + i / 250 + "." + i % 250);
        }
        assertThat(looks).hasValue(10_000);
    }

    private Optional<Operator> guess(String address) throws InterruptedException, GuessLimit.TooManyException {
        return limit.look(address, () -> {
            looks.incrementAndGet();
            return Optional.empty();
        });
    }
}
