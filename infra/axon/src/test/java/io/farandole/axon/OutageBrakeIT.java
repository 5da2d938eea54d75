package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.ParkedProcess.Status;
import io.farandole.testservers.Patience;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What happens when everything fails in a processor, and what must not happen when only some processes do. */
class OutageBrakeIT {

    private static final int THRESHOLD = 5;

    private static final ProcessorSettings SETTINGS = QUICK.withRetry(
                    RetryPolicy.of("8 attempts, first wait 100 ms, doubled up to 200 ms, jitter 20 %"))
            .withBrake(THRESHOLD, Duration.ofMillis(200));

    private final AtomicBoolean down = new AtomicBoolean(true);
    private final AtomicInteger calls = new AtomicInteger();
    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("brake");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "128, 1", "128, 2"})
    void anOutageSetsAsideAFewAndParksNobody(int batchSize, int segments) {
        Instance instance = start("a", batchSize, segments);
        instance.publish(all(60, 1, 3));
        awaitBraked(instance);
        // Longer than a process that is retried would take to be parked.
        awaitCalls(150);
        instance.publish(all(60, 4, 5));
        awaitCalls(100);
        assertThat(setAside(instance)).hasSizeLessThan(THRESHOLD);
        assertThat(parked(instance)).isEmpty();
        assertThat(lab.effects("p")).isEmpty();
        assertThat(instance.braked()).singleElement().satisfies(braked -> {
            assertThat(braked.processor()).isEqualTo("p");
            assertThat(braked.errorClass()).isEqualTo(IllegalStateException.class.getName());
        });
        assertThat(brakesTold()).isEqualTo(1);

        down.set(false);
        awaitEffects(60 * 5);
        assertDone(60, 5);
        awaitCalm(instance);
        instance.publish(all(60, 6, 6));
        awaitEffects(60 * 6);
        assertDone(60, 6);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 5", "1, 2, 5", "128, 1, 5", "128, 2, 5", "1, 1, 30", "128, 1, 30", "128, 2, 60"})
    void poisonedProcessesInARowDoNotHoldUpTheOthers(int batchSize, int segments, int poisoned) {
        Instance instance = lab.instance("a")
                .settings(SETTINGS.withBatchSize(batchSize).withSegments(segments))
                .processor("p", (event, jdbc) -> {
                    int number = Integer.parseInt(event.key().substring(2));
                    if (down.get() && number >= 50 && number < 50 + poisoned) {
                        throw new IllegalStateException("poisoned");
                    }
                })
                .start();
        instance.publish(all(200, 1, 1));
        awaitEffects(200 - poisoned);
        instance.publish(all(200, 2, 2));
        awaitEffects(2 * (200 - poisoned));
        assertThat(setAside(instance)).hasSize(poisoned).allSatisfy(parked -> assertThat(parked.processKey())
                .matches(key -> Integer.parseInt(key.substring(2)) >= 50
                        && Integer.parseInt(key.substring(2)) < 50 + poisoned));
        assertThat(instance.braked()).isEmpty();
        await().until(() -> parked(instance).size() == poisoned);

        down.set(false);
        for (ParkedProcess parked : parked(instance)) {
            instance.retry("p", parked.processKey());
        }
        awaitEffects(400);
        assertDone(200, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void poisonedProcessesAtTheEndWaitForAHealthyOne(int batchSize) {
        Instance instance = lab.instance("a")
                .settings(SETTINGS.withBatchSize(batchSize).withSegments(1))
                .processor("p", (event, jdbc) -> {
                    calls.incrementAndGet();
                    if (event.key().startsWith("bad")) {
                        throw new IllegalStateException("poisoned");
                    }
                })
                .start();
        for (int bad = 0; bad < 8; bad++) {
            instance.publish(ticks("bad-" + bad, 1, 2));
        }
        awaitBraked(instance);
        awaitCalls(50);
        assertThat(setAside(instance)).hasSize(THRESHOLD - 1);
        instance.publish(ticks("good", 1, 1));
        await().until(() -> lab.effects("p", "good").equals(List.of(1)));
        assertThat(setAside(instance)).hasSize(8);
        instance.publish(ticks("good", 2, 3));
        await().until(() -> lab.effects("p", "good").equals(List.of(1, 2, 3)));
        await().until(() -> instance.parked().count().parked() == 8);
        assertThat(instance.parked().count().waitingEvents()).isEqualTo(16);
    }

    @Test
    void aRebuildInWhichAllFailStaysWhereItIsUntilItIsMended() {
        Instance instance = start("a", 128, 2);
        down.set(false);
        instance.publish(all(40, 1, 3));
        awaitEffects(120);
        lab.asAdmin("delete from app.effect");
        down.set(true);
        instance.processor("p").shutDown();
        instance.processor("p").resetTokens();
        instance.processor("p").start();
        awaitBraked(instance);
        awaitCalls(200);
        assertThat(setAside(instance)).hasSizeLessThan(THRESHOLD);
        assertThat(instance.braked()).hasSize(1);
        down.set(false);
        awaitEffects(120);
        assertDone(40, 3);
        awaitCalm(instance);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void failuresAtCommitBrakeToo(int batchSize) {
        lab.jdbc().update("insert into app.single (name) values ('taken')");
        Instance instance = lab.instance("a")
                .settings(SETTINGS.withBatchSize(batchSize).withSegments(2))
                .processor("p", (event, jdbc) -> {
                    calls.incrementAndGet();
                    if (down.get()) {
                        jdbc.update("insert into app.single (name) values ('taken')");
                    }
                })
                .start();
        instance.publish(all(40, 1, 2));
        awaitBraked(instance);
        awaitCalls(100);
        assertThat(setAside(instance)).hasSizeLessThan(THRESHOLD);
        down.set(false);
        awaitEffects(80);
        assertDone(40, 2);
        awaitCalm(instance);
    }

    @Test
    void aDatabaseOfTheHandlersOwnThatIsAwayBrakesToo() {
        Instance instance = lab.instance("a")
                .settings(SETTINGS.withSegments(1))
                .processor("p", (event, jdbc) -> {
                    calls.incrementAndGet();
                    if (down.get()) {
                        throw new UncategorizedSQLException("select", "select", new SQLException("gone", "08006"));
                    }
                })
                .start();
        instance.publish(all(30, 1, 2));
        awaitBraked(instance);
        awaitCalls(60);
        assertThat(setAside(instance)).hasSizeLessThan(THRESHOLD);
        down.set(false);
        awaitEffects(60);
        assertDone(30, 2);
        awaitCalm(instance);
    }

    @Test
    void isStoppedAtOnceAndGoesOnWhereItWas() throws Exception {
        Instance instance = lab.instance("a")
                .settings(SETTINGS.withBrake(THRESHOLD, Duration.ofHours(1)))
                .processor("p", this::failWhileDown)
                .start();
        instance.publish(all(40, 1, 2));
        awaitBraked(instance);
        awaitCalls(60);
        instance.processor("p").shutdownAsync().get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(lab.effects("p")).isEmpty();
        down.set(false);
        instance.processor("p").start();
        awaitEffects(80);
        assertDone(40, 2);
        awaitCalm(instance);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInstanceThatIsKilledWhileBrakedLosesAndDoublesNothing(boolean stillDown) {
        Instance first = start("a", 8, 2);
        first.publish(all(40, 1, 3));
        awaitBraked(first);
        awaitCalls(50);
        first.kill();
        down.set(stillDown);
        Instance second = start("b", 128, 2);
        if (stillDown) {
            awaitBraked(second);
            awaitCalls(50);
            assertThat(setAside(second)).hasSizeLessThan(2 * THRESHOLD);
            down.set(false);
        }
        awaitEffects(120);
        assertDone(40, 3);
        // What the first one told others expires by itself.
        await().until(() -> setAside(second).isEmpty() && second.braked().isEmpty());
    }

    /** The second one has no segment, so nothing tells it by itself that everything fails; but it retries. */
    @Test
    void anotherInstanceDoesNotCountItsRetriesEither() {
        Instance owner = start("a", 128, 1);
        await().until(() -> !owner.processor("p").processingStatus().isEmpty());
        AtomicInteger retried = new AtomicInteger();
        Instance other = lab.instance("b")
                .settings(SETTINGS.withSegments(1))
                .processor("p", (event, jdbc) -> {
                    retried.incrementAndGet();
                    failWhileDown(event, jdbc);
                })
                .start();
        owner.publish(all(40, 1, 2));
        awaitBraked(owner);
        await().until(() -> retried.get() > 40);
        assertThat(parked(other)).isEmpty();
        assertThat(setAside(other)).hasSizeLessThan(THRESHOLD);
        assertThat(other.braked()).isEmpty();
        down.set(false);
        awaitEffects(80);
        assertDone(40, 2);
        awaitCalm(owner);
    }

    private Instance start(String name, int batchSize, int segments) {
        return lab.instance(name)
                .settings(SETTINGS.withBatchSize(batchSize).withSegments(segments))
                .processor("p", this::failWhileDown)
                .start();
    }

    @SuppressWarnings("unused") // as handlers get it
    private void failWhileDown(Ticked event, JdbcTemplate jdbc) {
        calls.incrementAndGet();
        if (down.get()) {
            throw new IllegalStateException("the provider is away");
        }
    }

    private static List<ParkedProcess> setAside(Instance instance) {
        return instance.parked().list(ParkedQuery.ALL.withLimit(1_000)).processes();
    }

    private static List<ParkedProcess> parked(Instance instance) {
        return instance.parked()
                .list(ParkedQuery.ALL.withStatus(Status.PARKED).withLimit(1_000))
                .processes();
    }

    private static List<Ticked> all(int keys, int from, int to) {
        List<Ticked> events = new ArrayList<>();
        for (int number = from; number <= to; number++) {
            for (int key = 0; key < keys; key++) {
                events.add(new Ticked("k-" + key, number));
            }
        }
        return events;
    }

    private static void awaitBraked(Instance instance) {
        await().until(() -> !instance.braked().isEmpty());
    }

    private void awaitCalls(int more) {
        int before = calls.get();
        await().until(() -> calls.get() >= before + more);
    }

    private void awaitEffects(int count) {
        await().until(() -> effects() >= count);
    }

    private int effects() {
        return lab.effects("p").values().stream().mapToInt(List::size).sum();
    }

    private void awaitCalm(Instance instance) {
        await().until(() -> setAside(instance).isEmpty() && instance.braked().isEmpty() && brakesTold() == 0);
    }

    private int brakesTold() {
        Integer told = lab.jdbc()
                .queryForObject(
                        "select count(*) from farandole.processor_brake where valid_until > clock_timestamp()",
                        Integer.class);
        return told == null ? 0 : told;
    }

    private void assertDone(int keys, int numbers) {
        List<Integer> expected = IntStream.rangeClosed(1, numbers).boxed().toList();
        Map<String, List<Integer>> effects = lab.effects("p");
        assertThat(effects).hasSize(keys);
        assertThat(effects.values()).allSatisfy(done -> assertThat(done).isEqualTo(expected));
    }
}
