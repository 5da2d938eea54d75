package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.axon.ParkedProcess.Status;
import io.farandole.axon.UnreliableTransactions.Fault;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions against each other, against workers, against what is being queued, and against crashes. */
class InterventionRacesIT {

    private final Set<Ticked> failing = ConcurrentHashMap.newKeySet();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final ExecutorService people = Executors.newFixedThreadPool(4);
    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("races");
    }

    @AfterEach
    void close() {
        people.shutdownNow();
        lab.close();
    }

    @Test
    void twoWhoClickAtOnceDecideOnce() throws Exception {
        Instance instance = start("a");
        List<String> keys = keys(20);
        parkFirstOf(instance, keys, 2);
        // So that no decision is carried out before the other click.
        instance.processor("p").shutDown();
        List<Decision> all = List.of(Decision.values());
        for (String key : keys) {
            CyclicBarrier together = new CyclicBarrier(2);
            Decision decision = all.get(Math.floorMod(key.hashCode(), all.size()));
            Callable<InterventionAnswer> click = () -> {
                together.await(Patience.SECONDS, TimeUnit.SECONDS);
                return instance.decide("p", key, decision);
            };
            List<InterventionAnswer> answers = new ArrayList<>();
            for (Future<InterventionAnswer> answer : people.invokeAll(List.of(click, click))) {
                answers.add(answer.get());
            }
            assertThat(answers)
                    .extracting(InterventionAnswer::outcome)
                    .containsExactlyInAnyOrder(Outcome.ACCEPTED, Outcome.ALREADY_REQUESTED);
            assertThat(answers.get(0).decisionId()).isEqualTo(answers.get(1).decisionId());
            assertThat(instance.parked().decisions("p", key)).hasSize(1);
        }
        assertThat(count("farandole.intervention-decided")).isEqualTo(20);
        instance.processor("p").start();
        await().until(() -> instance.parked().list(ParkedQuery.ALL).processes().stream()
                .noneMatch(each -> each.status() == Status.RETRYING));
        assertThat(count("farandole.intervention-applied"))
                .isEqualTo(lab.jdbc()
                        .queryForObject(
                                "select count(*) from farandole.parked_decision where state = 'RESOLVED'",
                                Integer.class));
    }

    /** People skip what they see while it is retried: each event has its effect, or is left out by one decision, and in order. */
    @Test
    void whatIsSkippedWhileItIsRetriedIsWhatThePersonSaw() throws Exception {
        List<String> keys = keys(8);
        Random dice = new Random(4711);
        Instance.Step unreliable = (event, jdbc) -> {
            synchronized (dice) {
                if (event.number() % 3 == 0 && dice.nextInt(4) > 0) {
                    throw new IllegalStateException("sometimes");
                }
            }
        };
        Instance first = start("a", unreliable);
        Instance second = start("b", unreliable);
        AtomicBoolean done = new AtomicBoolean();
        List<Future<?>> deciding = new ArrayList<>();
        for (Instance instance : List.of(first, second)) {
            deciding.add(people.submit(() -> {
                while (!done.get()) {
                    for (ParkedProcess seen :
                            instance.parked().list(ParkedQuery.ALL.withLimit(3)).processes()) {
                        Decision decision = seen.attempts() % 2 == 0 ? Decision.SKIP : Decision.RETRY;
                        instance.parked()
                                .intervene(new Intervention(
                                        "p", seen.processKey(), seen.failedEventId(), decision, "anna", "impatient"));
                    }
                }
            }));
        }
        for (int number = 1; number <= 30; number++) {
            for (String key : keys) {
                first.publish(List.of(new Ticked(key, number)));
            }
        }
        await().until(() -> handledOrLeftOut() >= 240
                && first.parked().list(ParkedQuery.ALL).processes().isEmpty());
        done.set(true);
        for (Future<?> each : deciding) {
            each.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertEachOnceAndInOrder(keys, 30);
    }

    @Test
    void whatIsQueuedWhileItIsDiscardedIsEitherCoveredOrHandled() throws Exception {
        List<String> keys = keys(6);
        Instance instance = start("a", (event, jdbc) -> {
            if (event.number() % 10 == 1) {
                throw new IllegalStateException("the first of ten");
            }
        });
        AtomicBoolean done = new AtomicBoolean();
        Future<?> deciding = people.submit(() -> {
            while (!done.get()) {
                for (ParkedProcess seen :
                        instance.parked().list(ParkedQuery.ALL).processes()) {
                    instance.parked()
                            .intervene(new Intervention(
                                    "p", seen.processKey(), seen.failedEventId(), Decision.DISCARD, "anna", "away"));
                }
            }
        });
        for (int number = 1; number <= 60; number++) {
            List<Ticked> round = new ArrayList<>();
            for (String key : keys) {
                round.add(new Ticked(key, number));
            }
            instance.publish(round);
        }
        await().until(() -> handledOrLeftOut() >= 360
                && instance.parked().list(ParkedQuery.ALL).processes().isEmpty());
        done.set(true);
        deciding.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertEachOnceAndInOrder(keys, 60);
    }

    @Test
    void aDecisionOfAKilledInstanceIsCarriedOutByAnother() {
        Instance first = start("a");
        parkFirstOf(first, keys(3), 4);
        first.processor("p").shutDown();
        String skip = first.accepted("p", "k-0", Decision.SKIP);
        String discard = first.accepted("p", "k-1", Decision.DISCARD);
        String compensate = first.accepted("p", "k-2", Decision.COMPENSATE);
        first.kill();

        Instance second = start("b");
        await().until(() -> second.parked().list(ParkedQuery.ALL).processes().isEmpty());
        for (String id : List.of(skip, discard, compensate)) {
            assertThat(second.parked().decision(id).orElseThrow().state()).isEqualTo(ParkedDecision.State.RESOLVED);
        }
        assertThat(lab.effects("p", "k-0")).containsExactly(2, 3, 4);
        assertThat(lab.effects("p", "k-1")).isEmpty();
        assertThat(lab.effects("p", "k-2")).containsExactly(0, 2, 3, 4);
        assertThat(count("farandole.intervention-applied")).isEqualTo(3);
    }

    /** The fault hits the transaction in which the decision is carried out. */
    @ParameterizedTest
    @CsvSource({
        "BEFORE_COMMIT, SKIP",
        "AFTER_COMMIT, SKIP",
        "BEFORE_COMMIT, DISCARD",
        "AFTER_COMMIT, DISCARD",
        "BEFORE_COMMIT, COMPENSATE",
        "AFTER_COMMIT, COMPENSATE"
    })
    void aDecisionWhoseCommitIsUncertainIsCarriedOutOnce(Fault fault, Decision decision) {
        AtomicBoolean carrying = new AtomicBoolean();
        AtomicReference<Fault> pending = new AtomicReference<>(fault);
        AtomicInteger told = new AtomicInteger();
        failing.add(new Ticked("k", 1));
        Instance instance = lab.instance("a")
                .transactions(delegate -> new UnreliableTransactions(
                        delegate,
                        () -> false,
                        () -> carrying.getAndSet(false) ? pending.getAndSet(Fault.NONE) : Fault.NONE))
                .invoker(
                        "p",
                        jdbc -> new Undoing(jdbc, heard, (event, j) -> failIfToldSo(event), (event, j) -> {
                            carrying.set(true);
                            told.incrementAndGet();
                        }))
                .start();
        instance.publish(ticks("k", 1, 3));
        await().until(() -> instance.parked().count().parked() == 1);
        await().until(() -> instance.parked().count().waitingEvents() == 3);

        String id = instance.accepted("p", "k", decision);

        await().until(() -> instance.parked().list(ParkedQuery.ALL).processes().isEmpty());
        assertThat(pending).hasValue(Fault.NONE);
        assertThat(told.get()).isPositive();
        ParkedDecision done = instance.parked().decision(id).orElseThrow();
        assertThat(done.state()).isEqualTo(ParkedDecision.State.RESOLVED);
        assertThat(count("farandole.intervention-applied")).isEqualTo(1);
        assertThat(lab.effects("p", "k"))
                .isEqualTo(
                        switch (decision) {
                            case DISCARD -> List.of();
                            case COMPENSATE -> List.of(0, 2, 3);
                            default -> List.of(2, 3);
                        });
    }

    @Test
    void twoInstancesCarryOutEachDecisionOnce() {
        Instance first = start("a");
        Instance second = start("b");
        List<String> keys = keys(30);
        parkFirstOf(first, keys, 3);
        for (int i = 0; i < keys.size(); i++) {
            Instance decider = i % 2 == 0 ? first : second;
            decider.accepted("p", keys.get(i), Decision.COMPENSATE);
        }
        await().until(() -> first.parked().list(ParkedQuery.ALL).processes().isEmpty());
        await().until(() -> heard.size() >= 30);
        assertThat(heard).hasSize(30).doesNotHaveDuplicates();
        assertThat(keys).allSatisfy(key -> assertThat(lab.effects("p", key)).containsExactly(0, 2, 3));
    }

    /** Of each process every event once, among the effects or covered by a resolved decision, and the effects in order. */
    private void assertEachOnceAndInOrder(List<String> keys, int events) {
        Map<String, List<Integer>> effects = lab.effects("p");
        Map<String, List<Integer>> leftOut = leftOut();
        for (String key : keys) {
            List<Integer> handled = effects.getOrDefault(key, List.of());
            assertThat(handled).as(key).isSorted();
            List<Integer> all = new ArrayList<>(handled);
            all.addAll(leftOut.getOrDefault(key, List.of()));
            assertThat(new TreeSet<>(all)).as(key).hasSize(events);
            assertThat(all).as(key).hasSize(events);
        }
    }

    private int handledOrLeftOut() {
        return IntStream.of(
                        lab.effects("p").values().stream().mapToInt(List::size).sum(),
                        leftOut().values().stream().mapToInt(List::size).sum())
                .sum();
    }

    /** What the journal says was left out: by position, of the process. */
    private Map<String, List<Integer>> leftOut() {
        Map<String, List<Integer>> leftOut = new HashMap<>();
        lab.jdbc()
                .query(
                        "select d.process_key, (j.payload::json ->> 'number')::int from farandole.parked_decision d"
                                + " join farandole.journal j on j.process_key = d.process_key and j.payload_type = 'lab.ticked'"
                                + " and j.position between d.position and d.last_position"
                                + " where d.state = 'RESOLVED' and d.decision <> 'RETRY' order by j.position",
                        row -> {
                            leftOut.computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                                    .add(row.getInt(2));
                        });
        return leftOut;
    }

    private Instance start(String name) {
        return start(name, (event, jdbc) -> failIfToldSo(event));
    }

    private Instance start(String name, Instance.Step step) {
        return lab.instance(name)
                // All that there is fails: with a brake it would be taken for an outage.
                .settings(QUICK.withBrake(0, Duration.ofSeconds(1)))
                .invoker("p", jdbc -> new Undoing(jdbc, heard, step, (event, j) -> {}))
                .start();
    }

    private void parkFirstOf(Instance instance, List<String> keys, int events) {
        for (String key : keys) {
            failing.add(new Ticked(key, 1));
            instance.publish(ticks(key, 1, events));
        }
        await().until(() -> instance.parked().count().parked() == keys.size()
                && instance.parked().count().waitingEvents() == (long) keys.size() * events);
    }

    private int count(String type) {
        Integer count = lab.jdbc()
                .queryForObject("select count(*) from farandole.journal where payload_type = ?", Integer.class, type);
        return count == null ? 0 : count;
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(number -> "k-" + number).toList();
    }

    private void failIfToldSo(Ticked event) {
        if (failing.contains(event)) {
            throw new IllegalStateException("no luck with " + event.key());
        }
    }
}
