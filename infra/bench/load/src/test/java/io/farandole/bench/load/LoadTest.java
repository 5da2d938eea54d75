package io.farandole.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final Workload WORKLOAD = new Workload(10);

    @Test
    void openLoadCountsTheTimeThatOrdersHadToWaitBehindAStall() throws Exception {
        long stall = TimeUnit.MILLISECONDS.toNanos(400);
        LoadTarget stallsOnce = new InstantTarget() {
            @Override
            public CompletionStage<Boolean> place(OrderSpec order) {
                if (order.number() == 10) {
                    pause(stall);
                }
                return super.place(order);
            }
        };

        LoadResult result = Load.open(stallsOnce, WORKLOAD, 0, 100, Duration.ofSeconds(1));

        // Some 40 of the 100 orders were due during the stall. A load that waits would have seen one slow order.
        assertThat(result.orders()).isEqualTo(100);
        assertThat(result.latency().max()).isGreaterThanOrEqualTo(stall);
        assertThat(result.latency().p90()).isBetween(stall / 2, stall * 2);
        assertThat(result.latency().p50()).isLessThan(stall / 2);
    }

    @Test
    void openLoadSkipsNoOrderAndKeepsItsRate() throws Exception {
        InstantTarget target = new InstantTarget();

        LoadResult result = Load.open(target, WORKLOAD, 7, 200, Duration.ofMillis(500));

        assertThat(target.placed)
                .extracting(OrderSpec::number)
                .hasSize(100)
                .startsWith(7L)
                .endsWith(106L);
        assertThat(result.nanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(490));
    }

    @Test
    void saturatingLoadKeepsSoManyInFlightAndNoMore() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Executor later = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);
        LoadTarget counts = new InstantTarget() {
            @Override
            public CompletionStage<Boolean> place(OrderSpec order) {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                return CompletableFuture.supplyAsync(
                        () -> {
                            inFlight.decrementAndGet();
                            return !order.declined();
                        },
                        later);
            }
        };

        LoadResult result = Load.saturate(counts, WORKLOAD, 0, 200, 16);

        assertThat(most).hasValue(16);
        assertThat(result.confirmed()).isEqualTo(190);
        assertThat(result.cancelled()).isEqualTo(10);
        assertThat(result.failed()).isZero();
    }

    @Test
    void percentilesAreThoseOfTheOrders() throws Exception {
        LoadTarget tenOfHundredAreSlow = new InstantTarget() {
            @Override
            public CompletionStage<Boolean> place(OrderSpec order) {
                if (order.number() % 10 == 0) {
                    pause(TimeUnit.MILLISECONDS.toNanos(20));
                }
                return super.place(order);
            }
        };

        LoadResult.Latency latency =
                Load.saturate(tenOfHundredAreSlow, WORKLOAD, 0, 100, 1).latency();

        assertThat(latency.p50()).isLessThan(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(latency.p99()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(19));
        assertThat(latency.p99()).isLessThanOrEqualTo(latency.p999());
        assertThat(latency.p999()).isLessThanOrEqualTo(latency.max());
    }

    @Test
    void orderThatFailsIsCountedAndEndsNothing() throws Exception {
        LoadTarget refuses = new InstantTarget() {
            @Override
            public CompletionStage<Boolean> place(OrderSpec order) {
                if (order.number() == 3) {
                    throw new IllegalStateException("refused");
                }
                return order.number() == 4
                        ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                        : super.place(order);
            }
        };

        LoadResult result = Load.saturate(refuses, WORKLOAD, 0, 10, 2);

        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.confirmed() + result.cancelled()).isEqualTo(8);
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
