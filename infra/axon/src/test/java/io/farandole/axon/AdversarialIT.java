package io.farandole.axon;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.UnreliableTransactions.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances compete for the segments and for the queues, while handlers fail at random before and after their effect,
 * connections are lost before and after commits and at their beginning, sessions are ended, segments are split and
 * merged and shared, and an instance is killed and replaced. The effects of each process must be exactly its events, in order.
 */
class AdversarialIT {

    private static final int KEYS = 40;
    private static final int EVENTS = 25;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void effectsAreExactlyOnceAndInOrder(long seed) {
        run(seed);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void effectsAreExactlyOnceAndInOrderForMoreSeeds(long seed) {
        run(seed);
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        AtomicBoolean calm = new AtomicBoolean();
        try (Lab lab = new Lab("adversarial")) {
            Instance stays = start(lab, "stays", random.nextLong(), calm);
            Instance mortal = start(lab, "mortal-0", random.nextLong(), calm);
            int[] published = new int[KEYS];
            for (int round = 1; round <= EVENTS; round++) {
                stays.publish(someOfEach(published, random));
                switch (random.nextInt(8)) {
                    case 0 -> {
                        mortal.kill();
                        mortal = start(lab, "mortal-" + round, random.nextLong(), calm);
                    }
                    case 1 -> lab.database().server().terminateSessions(lab.database());
                    case 2 -> attempted(stays.processor("p").splitSegment(0));
                    case 3 -> attempted(stays.processor("p").mergeSegment(0));
                    default -> awaitSome(lab, random.nextInt(100));
                }
            }
            calm.set(true);
            int expected = IntStream.of(published).sum();
            try {
                await().pollInterval(Duration.ofMillis(100))
                        .ignoreExceptions()
                        .until(() -> count(lab) >= expected
                                && stays.parked()
                                        .list(ParkedQuery.ALL)
                                        .processes()
                                        .isEmpty());
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        "seed " + seed + " got stuck after " + count(lab) + " of " + expected + " events: "
                                + missing(lab, published) + " missing; "
                                + lab.jdbc().queryForList("select * from farandole.token_entry") + " "
                                + lab.jdbc().queryForList("select max(position) from farandole.journal") + " "
                                + stays.parked().list(ParkedQuery.ALL).processes() + " "
                                + stays.processor("p").processingStatus() + " "
                                + mortal.processor("p").processingStatus(),
                        e);
            }
            Map<String, List<Integer>> effects = lab.effects("p");
            for (int key = 0; key < KEYS; key++) {
                List<Integer> all =
                        IntStream.rangeClosed(1, published[key]).boxed().toList();
                assertThat(effects.getOrDefault("k-" + key, List.of()))
                        .as("seed %s, process k-%s", seed, key)
                        .isEqualTo(all);
            }
        }
    }

    /** Which events of which process have had no effect. */
    private static Map<String, List<Integer>> missing(Lab lab, int[] published) {
        Map<String, List<Integer>> effects = lab.effects("p");
        Map<String, List<Integer>> missing = new LinkedHashMap<>();
        for (int key = 0; key < KEYS; key++) {
            Set<Integer> found = new HashSet<>(effects.getOrDefault("k-" + key, List.of()));
            List<Integer> lost = IntStream.rangeClosed(1, published[key])
                    .filter(number -> !found.contains(number))
                    .boxed()
                    .toList();
            if (!lost.isEmpty()) {
                missing.put("k-" + key, lost);
            }
        }
        return missing;
    }

    private static List<Ticked> someOfEach(int[] published, Random random) {
        List<Ticked> events = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            int key = random.nextInt(KEYS);
            events.add(new Ticked("k-" + key, ++published[key]));
        }
        return events;
    }

    private static Instance start(Lab lab, String name, long seed, AtomicBoolean calm) {
        Random random = new Random(seed);
        // Each single failure brakes, or five in a row, which is rare here.
        int brakeAfter = name.equals("stays") || random.nextBoolean() ? 1 : 5;
        Instance.Plan plan = lab.instance(name)
                .sharing(Duration.ofMillis(50 + random.nextInt(200)))
                .settings(Instance.QUICK
                        .withSegments(4)
                        .withBatchSize(32)
                        .withBrake(brakeAfter, Duration.ofMillis(50))
                        .withRetry(RetryPolicy.of("1000 attempts, first wait 5 ms, doubled up to 40 ms")))
                .transactions(delegate -> new UnreliableTransactions(
                        delegate, () -> !calm.get() && random.nextInt(50) == 0, () -> fault(random, calm)))
                .processor("p", (event, jdbc) -> {
                    int dice = calm.get() ? 1_000 : random.nextInt(200);
                    if (dice < 6) {
                        throw new IllegalStateException("a defect");
                    } else if (dice == 6) {
                        throw new ConcurrencyException("a conflict");
                    } else if (dice == 7) {
                        throw new AssertionError("an error");
                    } else if (dice == 8) {
                        jdbc.execute("select nonsense");
                    } else if (dice == 9) {
                        CurrentUnitOfWork.get().root().onPrepareCommit(unit -> {
                            throw new AssertionError("an error at the commit");
                        });
                    }
                });
        // Starting may meet an ended session, as a service's start may; then it is started again.
        return await().ignoreExceptions().until(plan::start, instance -> true);
    }

    private static Fault fault(Random random, AtomicBoolean calm) {
        int dice = calm.get() ? 1_000 : random.nextInt(60);
        return dice == 0 ? Fault.BEFORE_COMMIT : dice == 1 ? Fault.AFTER_COMMIT : Fault.NONE;
    }

    /** May fail: another instance may have the segment. */
    private static void attempted(CompletableFuture<Boolean> change) {
        await().ignoreExceptions().until(change::isDone);
    }

    private static int count(Lab lab) {
        return lab.effects("p").values().stream().mapToInt(List::size).sum();
    }

    /** Until a few more effects are there, or a moment is over. */
    private static void awaitSome(Lab lab, int more) {
        await().ignoreExceptions().until(() -> count(lab) >= 0);
        int before = count(lab);
        long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
        await().ignoreExceptions().until(() -> count(lab) >= before + more || System.nanoTime() > end);
    }
}
