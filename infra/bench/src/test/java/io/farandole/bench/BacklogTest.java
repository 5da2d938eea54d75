package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private final AtomicInteger asked = new AtomicInteger();

    /** Answers every third order with this status; with {@code Retry-After} if it is 503. */
    private Traffic.Desk answering(int status) {
        return new Traffic.Desk() {

            @Override
            public CompletableFuture<String> accept(OrderSpec order) {
                return asked.incrementAndGet() % 3 == 0
                        ? CompletableFuture.failedFuture(new NotAcceptedException(status, status == 503, ""))
                        : CompletableFuture.completedFuture("order-" + order.number());
            }

            @Override
            public CompletableFuture<Boolean> end(String orderId) {
                return CompletableFuture.completedFuture(true);
            }
        };
    }

    @Test
    void whatIsRefusedForNowIsPlacedAgain() throws Exception {
        Backlog backlog = new Backlog(answering(503), new Workload(10));
        backlog.place(0, 6);
        assertThat(backlog.placed()).isEqualTo(6);
        assertThat(backlog.refused()).isEqualTo(asked.get() - 6).isPositive();
        long before = System.nanoTime();
        assertThat(backlog.awaitEnded(6, Duration.ofSeconds(10)) - before).isNegative();
        assertThat(backlog.ended()).isEqualTo(6);
    }

    @Test
    void anyOtherAnswerFails() {
        Backlog backlog = new Backlog(answering(500), new Workload(10));
        assertThatIllegalStateException().isThrownBy(() -> backlog.place(0, 6)).withMessageContaining("not accepted");
    }
}
