package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of eight orders: four accepted, of which one never ends; two refused; one failed; one without an answer. */
    private static final class Desk implements Traffic.Desk {

        @Override
        public CompletableFuture<String> accept(OrderSpec order) {
            return switch ((int) (order.number() % 8)) {
                case 4 -> CompletableFuture.failedFuture(new NotAcceptedException(503, true, ""));
                case 5 -> CompletableFuture.failedFuture(new NotAcceptedException(429, false, ""));
                case 6 -> CompletableFuture.failedFuture(new NotAcceptedException(500, false, ""));
                case 7 -> CompletableFuture.failedFuture(new IOException("reset"));
                default -> CompletableFuture.completedFuture(Long.toString(order.number()));
            };
        }

        @Override
        public CompletableFuture<Boolean> end(String orderId) {
            long number = Long.parseLong(orderId);
            return number % 8 == 3 ? new CompletableFuture<>() : CompletableFuture.completedFuture(number % 8 != 0);
        }
    }

    @Test
    void whateverBecomesOfAnOrderIsCountedOnce() throws Exception {
        try (Traffic traffic = Traffic.start(new Desk(), new Workload(10), 0, 2_000)) {
            long from = System.nanoTime();
            traffic.awaitEndOfOneSentAfter(from, PATIENCE);
            Tally tally = traffic.end(Duration.ofMillis(50));
            assertThat(tally.accepted()
                            + tally.refused()
                            + tally.refusedWithoutRetryAfter()
                            + tally.failed()
                            + tally.unanswered()
                            + tally.notSent())
                    .isEqualTo(tally.orders());
            assertThat(tally.lost()).isEqualTo(tally.accepted() - tally.ended());
            assertThat(tally.acceptedP99Millis()).isGreaterThanOrEqualTo(tally.acceptedP50Millis());
        }
    }

    @Test
    void ordersAreToldApartByTheirAnswer() throws Exception {
        try (Traffic traffic = Traffic.start(new Desk(), new Workload(10), 0, 2_000)) {
            long start = System.nanoTime();
            while (traffic.tally().orders() < 80 && System.nanoTime() - start < PATIENCE.toNanos()) {
                Thread.onSpinWait();
            }
            Tally tally = traffic.end(Duration.ofMillis(50));
            int eighths = tally.orders() / 8;
            assertThat(tally.accepted()).isBetween(eighths * 4, eighths * 4 + 4);
            assertThat(tally.lost()).isBetween(eighths, eighths + 1);
            assertThat(tally.refused()).isBetween(eighths, eighths + 1);
            assertThat(tally.refusedWithoutRetryAfter()).isBetween(eighths, eighths + 1);
            assertThat(tally.failed()).isBetween(eighths, eighths + 1);
            assertThat(tally.unanswered()).isBetween(eighths, eighths + 1);
        }
    }

    @Test
    void onlyOrdersOfTheTimeAskedForAreCounted() throws Exception {
        try (Traffic traffic = Traffic.start(new Desk(), new Workload(10), 0, 1_000)) {
            long before = System.nanoTime();
            traffic.awaitEndOfOneSentAfter(before, PATIENCE);
            traffic.stop();
            long after = System.nanoTime();
            assertThat(traffic.tally(after, after + 1_000_000_000L).orders()).isZero();
            assertThat(traffic.tally(before - 1_000_000_000L, after).orders()).isPositive();
            assertThat(traffic.firstEndOfThoseSentAfter(after)).isEmpty();
        }
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Traffic.start(new Desk(), new Workload(1), 0, 0));
    }
}
