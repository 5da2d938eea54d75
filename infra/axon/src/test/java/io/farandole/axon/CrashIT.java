package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.UnreliableTransactions.Fault;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresProxy.CommitFault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.common.transaction.TransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashIT {

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("crash");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** The fault hits the transaction in which a handler has just run; a later one is left alone. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void aBatchWhoseCommitIsUncertainTakesEffectOnce(Fault fault) {
        AtomicInteger handled = new AtomicInteger();
        AtomicReference<Fault> pending = new AtomicReference<>(fault);
        Instance instance = lab.instance("a")
                .settings(QUICK.withSegments(1))
                .transactions(delegate -> hittingTheFirstThatHandled(delegate, pending, handled))
                .processor("p", (event, jdbc) -> handled.incrementAndGet())
                .start();
        instance.publish(ticks("k", 1, 20));
        await().until(() -> lab.effects("p", "k").size() >= 20 && pending.get() == Fault.NONE);
        instance.publish(ticks("k", 21, 25));
        await().until(() -> lab.effects("p", "k").size() >= 25);
        assertThat(lab.effects("p", "k")).isEqualTo(numbers(25));
        assertThat(instance.parked().list(ParkedQuery.ALL).processes()).isEmpty();
    }

    /** The same on the wire, where the driver and the pool have their say. */
    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void aBatchWhoseCommitIsLostOnTheWireTakesEffectOnce(CommitFault fault) {
        try (PostgresProxy proxy = PostgresProxy.to(lab.database().server())) {
            Instance instance = lab.instance("a")
                    .settings(QUICK.withSegments(1))
                    .url(proxy.url(lab.database()) + "?socketTimeout=2")
                    .processor("p", (event, jdbc) -> {})
                    .start();
            instance.publish(ticks("k", 1, 5));
            await().until(() -> lab.effects("p", "k").size() >= 5);
            proxy.onCommitAfter("into app.effect", fault);
            instance.publish(ticks("k", 6, 20));
            await().until(() -> proxy.struck() == 1 && lab.effects("p", "k").size() >= 20);
            instance.publish(ticks("k", 21, 25));
            await().until(() -> lab.effects("p", "k").size() >= 25);
            assertThat(lab.effects("p", "k")).isEqualTo(numbers(25));
            assertThat(instance.parked().list(ParkedQuery.ALL).processes()).isEmpty();
            instance.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void aRetryWhoseCommitIsUncertainTakesEffectOnce(Fault fault) {
        AtomicInteger handled = new AtomicInteger();
        AtomicReference<Fault> pending = new AtomicReference<>(Fault.NONE);
        AtomicBoolean broken = new AtomicBoolean(true);
        Instance instance = lab.instance("a")
                .transactions(delegate -> hittingTheFirstThatHandled(delegate, pending, handled))
                .processor("p", (event, jdbc) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    handled.incrementAndGet();
                })
                .start();
        instance.publish(ticks("k", 1, 5));
        await().until(() -> instance.parked().count().parked() == 1);
        broken.set(false);
        pending.set(fault);
        instance.retry("p", "k");
        await().until(() ->
                lab.effects("p", "k").size() >= 5 && instance.parked().count().retrying() == 0);
        assertThat(lab.effects("p", "k")).isEqualTo(numbers(5));
    }

    @Test
    void anInstanceThatIsKilledLosesAndDoublesNothing() {
        AtomicInteger rounds = new AtomicInteger();
        CountDownLatch working = new CountDownLatch(40);
        Instance first = lab.instance("a")
                .settings(QUICK.withBatchSize(8))
                .processor("p", (event, jdbc) -> {
                    rounds.incrementAndGet();
                    working.countDown();
                    if (event.key().equals("bad") && rounds.get() < 200) {
                        throw new IllegalStateException("bad");
                    }
                })
                .start();
        for (int number = 1; number <= 30; number++) {
            first.publish(List.of(new Ticked("x", number), new Ticked("bad", number), new Ticked("y", number)));
        }
        assertThat(awaitQuietly(working)).isTrue();
        first.kill();
        Instance second = lab.instance("b").processor("p", (event, jdbc) -> {}).start();
        second.retry("p", "bad");
        await().until(() ->
                lab.effects("p").values().stream().mapToInt(List::size).sum() >= 90);
        assertThat(lab.effects("p")).hasSize(3);
        assertThat(lab.effects("p").values())
                .allSatisfy(done -> assertThat(done).isEqualTo(numbers(30)));
    }

    /** What a pause past the claim time-out amounts to: another one has the segment, is done, and is gone. */
    @Test
    void anOwnerThatWasOvertakenWhileItHandledKeepsNothing() {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean pause = new AtomicBoolean(true);
        Instance slow = lab.instance("slow")
                .settings(QUICK.withSegments(1).withClaimExtension(Duration.ofMinutes(5)))
                .processor("p", (event, jdbc) -> {
                    if (pause.compareAndSet(true, false)) {
                        handling.countDown();
                        assertThat(awaitQuietly(goOn)).isTrue();
                    }
                })
                .start();
        slow.publish(ticks("k", 1, 5));
        assertThat(awaitQuietly(handling)).isTrue();

        Instance quick =
                lab.instance("quick").processor("p", (event, jdbc) -> {}).start();
        await().until(() -> lab.effects("p", "k").size() == 5);
        quick.close();
        assertThat(lab.jdbc()
                        .queryForList("select owner from farandole.token_entry where processor = 'p'", String.class))
                .containsOnlyNulls();

        goOn.countDown();
        slow.publish(ticks("k", 6, 9));
        await().until(() -> lab.effects("p", "k").size() >= 9);
        assertThat(lab.effects("p", "k")).isEqualTo(numbers(9));
    }

    @Test
    void segmentsThatAreSplitAndMergedDuringTrafficHandleEachEventOnce() throws Exception {
        // Twice at most, or the dice would park a process now and then.
        Map<Ticked, Integer> failures = new ConcurrentHashMap<>();
        Instance instance = lab.instance("a")
                .settings(QUICK.withSegments(1).withBatchSize(16))
                .processor("p", (event, jdbc) -> {
                    if (event.number() % 7 == 0
                            && ThreadLocalRandom.current().nextInt(5) == 0
                            && failures.merge(event, 1, Integer::sum) <= 2) {
                        throw new IllegalStateException("sometimes");
                    }
                })
                .start();
        Queue<Ticked> toCome = new ArrayDeque<>();
        for (int number = 1; number <= 60; number++) {
            for (int key = 0; key < 12; key++) {
                toCome.add(new Ticked("k-" + key, number));
            }
        }
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 6; i++) {
                List<Ticked> some = toCome.stream().limit(20).toList();
                toCome.removeAll(some);
                instance.publish(some);
            }
            if (round % 2 == 0) {
                instance.processor("p").splitSegment(0).get(Patience.SECONDS, TimeUnit.SECONDS);
            } else {
                await().until(() -> instance.processor("p").mergeSegment(0).get(Patience.SECONDS, TimeUnit.SECONDS));
            }
        }
        await().until(() ->
                lab.effects("p").values().stream().mapToInt(List::size).sum() >= 720);
        await().until(() -> instance.parked().count().waitingEvents() == 0);
        assertThat(lab.effects("p").values())
                .allSatisfy(done -> assertThat(done).isEqualTo(numbers(60)));
    }

    private static TransactionManager hittingTheFirstThatHandled(
            TransactionManager delegate, AtomicReference<Fault> pending, AtomicInteger handled) {
        return new UnreliableTransactions(
                delegate, () -> false, () -> handled.get() > 0 ? pending.getAndSet(Fault.NONE) : Fault.NONE);
    }

    private static List<Integer> numbers(int last) {
        return ticks("", 1, last).stream().map(Ticked::number).toList();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
