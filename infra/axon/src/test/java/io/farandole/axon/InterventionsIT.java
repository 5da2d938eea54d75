package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.axon.ParkedProcess.Status;
import io.farandole.testservers.Patience;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each decision does, and what is refused. */
class InterventionsIT {

    private final Set<Ticked> failing = ConcurrentHashMap.newKeySet();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("interventions");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Decision.class,
            names = {"SKIP", "RESOLVE"})
    void leavesOutTheFailedEventAndGoesOnBehindIt(Decision decision) {
        Instance instance = startWithParked(ticks("k", 1, 5), new Ticked("k", 2));

        InterventionAnswer answer = instance.decide("p", "k", decision);

        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        awaitFree(instance, "k");
        assertThat(lab.effects("p", "k")).containsExactly(1, 3, 4, 5);
        assertThat(heard).containsExactly(decision + " k-2");
        instance.publish(ticks("k", 6, 6));
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 3, 4, 5, 6)));
    }

    @Test
    void aDecisionIsRecordedInTheJournalWhenItIsAcceptedAndWhenItIsCarriedOut() {
        Instance instance = startWithParked(ticks("k", 1, 3), new Ticked("k", 2));
        ParkedProcess parked = instance.parked().find("p", "k").orElseThrow();

        String id = instance.accepted("p", "k", Decision.SKIP);

        awaitFree(instance, "k");
        ParkedDecision decision = instance.parked().decision(id).orElseThrow();
        assertThat(decision.state()).isEqualTo(ParkedDecision.State.RESOLVED);
        assertThat(decision.eventId()).isEqualTo(parked.failedEventId());
        assertThat(decision.position()).isEqualTo(parked.failedPosition());
        assertThat(decision.attempts()).isEqualTo(4);
        assertThat(decision.endedAt()).isAfterOrEqualTo(decision.decidedAt());
        assertThat(decision.toString()).doesNotContain("mended").doesNotContain("test");
        List<Map<String, Object>> events = lab.jdbc()
                .queryForList("select event_id, payload_type, process_key, causation_id, correlation_id, payload"
                        + " from farandole.journal where payload_type like 'farandole.%' order by position");
        assertThat(events)
                .extracting(row -> row.get("event_id"), row -> row.get("payload_type"), row -> row.get("process_key"))
                .containsExactly(
                        tuple(id, "farandole.intervention-decided", "k"),
                        tuple(id + "-applied", "farandole.intervention-applied", "k"));
        String correlation = lab.jdbc()
                .queryForObject(
                        "select correlation_id from farandole.journal where position = ?",
                        String.class,
                        parked.failedPosition());
        assertThat(events).allSatisfy(row -> assertThat(row).containsEntry("correlation_id", correlation));
        assertThat(events.get(0)).containsEntry("causation_id", parked.failedEventId());
        assertThat(events.get(1)).containsEntry("causation_id", id);
        assertThat((String) events.get(0).get("payload"))
                .contains("\"reason\":\"mended\"", "\"by\":\"test\"", "IllegalStateException", "\"attempts\":4");
    }

    @Test
    void discardsWhatIsQueuedAndHandlesWhatComesLater() {
        Instance instance = startWithParked(ticks("k", 1, 5), new Ticked("k", 2));
        await().until(() -> instance.parked().count().waitingEvents() == 4);

        String id = instance.accepted("p", "k", Decision.DISCARD);

        awaitFree(instance, "k");
        instance.publish(ticks("k", 6, 7));
        await().until(() -> lab.effects("p", "k").size() == 3);
        assertThat(lab.effects("p", "k")).containsExactly(1, 6, 7);
        assertThat(heard).containsExactly("DISCARD k-2", "DISCARD k-3", "DISCARD k-4", "DISCARD k-5");
        ParkedDecision decision = instance.parked().decision(id).orElseThrow();
        assertThat(decision.lastPosition() - decision.position()).isEqualTo(3);
        assertThat(lab.jdbc()
                        .queryForObject(
                                "select payload from farandole.journal where event_id = ?",
                                String.class,
                                id + "-applied"))
                .contains("\"leftOut\":4");
    }

    /** Its batch may well hold the process already, and has not queued it: it is behind what is discarded, and is handled. */
    @Test
    void anEventThatIsJustBeingQueuedIsNotPartOfWhatIsDiscarded() throws Exception {
        CountDownLatch queueing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        failing.add(new Ticked("k", 2));
        Instance instance = lab.instance("a")
                .settings(QUICK.withSegments(1))
                .processor("p", (event, jdbc) -> {
                    failIfToldSo(event);
                    if (event.equals(new Ticked("slow", 1))) {
                        queueing.countDown();
                        assertThat(goOn.await(Patience.SECONDS, TimeUnit.SECONDS))
                                .isTrue();
                    }
                })
                .start();
        instance.publish(ticks("k", 1, 3));
        awaitParked(instance, "k");
        instance.publish(List.of(new Ticked("slow", 1), new Ticked("k", 4)));
        assertThat(queueing.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        String id = instance.accepted("p", "k", Decision.DISCARD);

        await().until(() -> state(instance, id) == ParkedDecision.State.RESOLVED);
        goOn.countDown();
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 4)));
        awaitFree(instance, "k");
        instance.publish(ticks("k", 5, 5));
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 4, 5)));
    }

    @Test
    void compensatesInTheTransactionInWhichTheEventLeavesTheQueue() {
        AtomicInteger failures = new AtomicInteger(2);
        failing.add(new Ticked("k", 2));
        Instance instance = start(QUICK, (event, jdbc) -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("cannot compensate yet");
            }
        });
        instance.publish(ticks("k", 1, 3));
        awaitParked(instance, "k");

        String id = instance.accepted("p", "k", Decision.COMPENSATE);

        awaitFree(instance, "k");
        assertThat(lab.effects("p", "k")).containsExactly(1, 0, 3);
        assertThat(heard).containsExactly("COMPENSATE k-2");
        assertThat(instance.parked().decision(id).orElseThrow().failedAttempts())
                .isEqualTo(2);
    }

    @Test
    void aDecisionThatCannotBeCarriedOutIsTriedLikeARetryAndThenWaitsForAnotherOne() {
        AtomicBoolean broken = new AtomicBoolean(true);
        failing.add(new Ticked("k", 2));
        Instance instance = start(QUICK, (event, jdbc) -> {
            if (broken.get()) {
                throw new IllegalStateException("cannot note it");
            }
        });
        instance.publish(ticks("k", 1, 3));
        awaitParked(instance, "k");

        String first = instance.accepted("p", "k", Decision.SKIP);
        awaitParked(instance, "k");
        ParkedDecision failed = instance.parked().decision(first).orElseThrow();
        assertThat(failed.state()).isEqualTo(ParkedDecision.State.FAILED_AGAIN);
        assertThat(failed.failedAttempts()).isEqualTo(4);
        assertThat(instance.parked().find("p", "k").orElseThrow().errorMessage())
                .isEqualTo("cannot note it");
        assertThat(lab.effects("p", "k")).containsExactly(1);

        broken.set(false);
        InterventionAnswer second = instance.decide("p", "k", Decision.SKIP);
        assertThat(second.outcome()).isEqualTo(Outcome.ACCEPTED);
        awaitFree(instance, "k");
        assertThat(lab.effects("p", "k")).containsExactly(1, 3);
        assertThat(state(instance, first)).isEqualTo(ParkedDecision.State.FAILED_AGAIN);
        assertThat(instance.parked().decisions("p", "k"))
                .extracting(ParkedDecision::id)
                .containsExactly(second.decisionId(), first);
    }

    @Test
    void aRetryThatFailsAgainTellsHowOften() {
        Instance instance = startWithParked(ticks("k", 1, 2), new Ticked("k", 1));
        String id = instance.accepted("p", "k", Decision.RETRY);
        awaitParked(instance, "k");
        assertThat(state(instance, id)).isEqualTo(ParkedDecision.State.FAILED_AGAIN);
        assertThat(instance.parked().decision(id).orElseThrow().failedAttempts())
                .isEqualTo(4);
        failing.clear();
        String second = instance.accepted("p", "k", Decision.RETRY);
        awaitFree(instance, "k");
        assertThat(state(instance, second)).isEqualTo(ParkedDecision.State.RESOLVED);
        assertThat(state(instance, id)).isEqualTo(ParkedDecision.State.FAILED_AGAIN);
        assertThat(lab.effects("p", "k")).containsExactly(1, 2);
    }

    @Test
    void whileAHandlerIsAtItTheDecisionIsInFlightAndNoOtherIsTaken() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        failing.add(new Ticked("k", 1));
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    if (slow.get()) {
                        handling.countDown();
                        assertThat(goOn.await(Patience.SECONDS, TimeUnit.SECONDS))
                                .isTrue();
                    }
                    failIfToldSo(event);
                })
                .start();
        instance.publish(ticks("k", 1, 2));
        awaitParked(instance, "k");
        failing.clear();
        slow.set(true);
        String id = instance.accepted("p", "k", Decision.RETRY);
        assertThat(handling.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(state(instance, id)).isEqualTo(ParkedDecision.State.IN_FLIGHT);
        for (Decision other : List.of(Decision.SKIP, Decision.RESOLVE, Decision.DISCARD)) {
            assertThat(instance.decide("p", "k", other).outcome()).isEqualTo(Outcome.IN_FLIGHT);
        }
        InterventionAnswer again = instance.decide("p", "k", Decision.RETRY);
        assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_REQUESTED);
        assertThat(again.decisionId()).isEqualTo(id);

        goOn.countDown();
        awaitFree(instance, "k");
        assertThat(state(instance, id)).isEqualTo(ParkedDecision.State.RESOLVED);
        assertThat(lab.effects("p", "k")).containsExactly(1, 2);
        assertThat(instance.parked().decisions("p", "k")).hasSize(1);
    }

    @Test
    void refusesWhatTheProcessDoesNotWaitForAnyMore() {
        failing.add(new Ticked("k", 3));
        Instance instance = startWithParked(ticks("k", 1, 4), new Ticked("k", 2));
        String seen = instance.parked().find("p", "k").orElseThrow().failedEventId();
        assertThat(instance.decide("p", "k", Decision.SKIP).stands()).isTrue();
        await().until(() -> instance.parked()
                .find("p", "k")
                .filter(p -> p.status() == Status.PARKED && !p.failedEventId().equals(seen))
                .isPresent());

        for (Decision late : Decision.values()) {
            InterventionAnswer answer =
                    instance.parked().intervene(new Intervention("p", "k", seen, late, "anna", "too late"));
            assertThat(answer.outcome()).isEqualTo(Outcome.MOVED_ON);
            assertThat(answer.sentence()).contains(seen).contains("decide about the event that you find");
            assertThat(answer.decisionId()).isNull();
        }
        assertThat(lab.effects("p", "k")).containsExactly(1);
        assertThat(instance.parked().decisions("p", "k")).hasSize(1);
    }

    @Test
    void refusesWhereNothingIsSetAside() {
        Instance instance = startWithParked(ticks("k", 1, 1), new Ticked("k", 1));
        String event = instance.parked().find("p", "k").orElseThrow().failedEventId();
        for (String[] nowhere : new String[][] {{"p", "other"}, {"q", "k"}, {"p", "k\0"}, {"", ""}}) {
            InterventionAnswer answer = instance.parked()
                    .intervene(new Intervention(nowhere[0], nowhere[1], event, Decision.SKIP, "anna", "why not"));
            assertThat(answer.outcome()).isEqualTo(Outcome.NOT_SET_ASIDE);
            assertThat(answer.sentence()).contains("there is nothing to decide");
            assertThat(instance.parked().find(nowhere[0], nowhere[1])).isEmpty();
            assertThat(instance.parked().decisions(nowhere[0], nowhere[1])).isEmpty();
        }
        assertThat(instance.parked().decision("none")).isEmpty();
    }

    @Test
    void refusesToCompensateWhatCannotBe() {
        failing.add(new Ticked("hopeless", 1));
        failing.add(new Ticked("k", 1));
        Instance instance = lab.instance("a")
                .invoker("p", jdbc -> new Undoing(jdbc, heard, (event, j) -> failIfToldSo(event), (event, j) -> {}))
                .processor("plain", (event, jdbc) -> failIfToldSo(event))
                .start();
        instance.publish(List.of(new Ticked("hopeless", 1), new Ticked("k", 1)));
        await().until(() -> instance.parked().count().parked() == 4);
        InterventionAnswer refused = instance.decide("p", "hopeless", Decision.COMPENSATE);
        assertThat(refused.outcome()).isEqualTo(Outcome.NOT_COMPENSABLE);
        assertThat(instance.decide("plain", "k", Decision.COMPENSATE).outcome()).isEqualTo(Outcome.NOT_COMPENSABLE);
        assertThat(instance.decide("p", "k", Decision.COMPENSATE).outcome()).isEqualTo(Outcome.ACCEPTED);
        awaitFree(instance, "k");
        assertThat(lab.effects("p", "hopeless")).isEmpty();
        assertThat(instance.parked().decisions("p", "hopeless")).isEmpty();
    }

    @Test
    void takesTheLastDecisionBeforeOneIsCarriedOut() {
        Instance instance = startWithParked(ticks("k", 1, 3), new Ticked("k", 2));
        instance.processor("p").shutDown();
        String retry = instance.accepted("p", "k", Decision.RETRY);
        assertThat(state(instance, retry)).isEqualTo(ParkedDecision.State.REQUESTED);
        assertThat(instance.parked().find("p", "k").orElseThrow().decisionId()).isEqualTo(retry);
        String skip = instance.accepted("p", "k", Decision.SKIP);
        assertThat(state(instance, retry)).isEqualTo(ParkedDecision.State.SUPERSEDED);

        instance.processor("p").start();
        awaitFree(instance, "k");
        assertThat(lab.effects("p", "k")).containsExactly(1, 3);
        assertThat(state(instance, skip)).isEqualTo(ParkedDecision.State.RESOLVED);
        assertThat(state(instance, retry)).isEqualTo(ParkedDecision.State.SUPERSEDED);
    }

    /** What a person decides in a command, say, is rolled back with it. */
    @Test
    void aDecisionIsPartOfTheCallersTransaction() {
        Instance instance = startWithParked(ticks("k", 1, 2), new Ticked("k", 1));
        assertThatThrownBy(() -> instance.transactions().executeInTransaction(() -> {
                    instance.accepted("p", "k", Decision.SKIP);
                    throw new IllegalStateException("changed their mind");
                }))
                .hasMessageContaining("changed their mind");
        assertThat(instance.parked().decisions("p", "k")).isEmpty();
        assertThat(instance.parked().find("p", "k").orElseThrow().status()).isEqualTo(Status.PARKED);
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
        try {
            assertThatThrownBy(() -> instance.decide("p", "k", Decision.SKIP))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("decide outside of a unit of work");
        } finally {
            unit.rollback();
        }
        assertThat(lab.jdbc()
                        .queryForObject(
                                "select count(*) from farandole.journal where payload_type like 'farandole.%'",
                                Integer.class))
                .isZero();
    }

    @Test
    void aResetTakesTheDecisionsPlace() {
        failing.add(new Ticked("k", 2));
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> failIfToldSo(event))
                .start();
        instance.publish(ticks("k", 1, 3));
        awaitParked(instance, "k");
        instance.processor("p").shutDown();
        String skip = instance.accepted("p", "k", Decision.SKIP);
        failing.clear();
        instance.processor("p").resetTokens();
        assertThat(state(instance, skip)).isEqualTo(ParkedDecision.State.SUPERSEDED);
        instance.processor("p").start();
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 1, 2, 3)));
    }

    @Test
    void leavesOutAnEventThatCannotBeReadAnyMore() {
        AtomicBoolean readable = new AtomicBoolean(true);
        failing.add(new Ticked("k", 2));
        Instance instance = lab.instance("a")
                .invoker("p", jdbc -> new Undoing(jdbc, heard, (event, j) -> failIfToldSo(event), (event, j) -> {}))
                .eventsAt(journal -> position -> readable.get() ? journal.position(position) : List.of())
                .start();
        instance.publish(ticks("k", 1, 2));
        awaitParked(instance, "k");
        String event = instance.parked().find("p", "k").orElseThrow().failedEventId();
        readable.set(false);
        instance.retry("p", "k");
        awaitParked(instance, "k");
        ParkedProcess unreadable = instance.parked().find("p", "k").orElseThrow();
        assertThat(unreadable.failedEventId()).isEqualTo(event);
        assertThat(unreadable.errorMessage()).contains("cannot be read from the journal");

        assertThat(instance.decide("p", "k", Decision.SKIP).stands()).isTrue();
        awaitFree(instance, "k");
        assertThat(heard).containsExactly("SKIP unreadable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b?c=d&e#f",
                "it's \"quoted\" \\ %25 $1 ?",
                "\uD83D\uDC83 \u00e9\n\t",
                " ",
                "'; drop table x; --"
            })
    void takesAnyCharacterInAProcessKey(String key) {
        for (String each : List.of(key, (key + "x".repeat(500)).substring(0, 498) + "\uD83D\uDC83")) {
            failing.add(new Ticked(each, 1));
        }
        Instance instance = start(QUICK, (event, jdbc) -> {});
        failing.forEach(event -> instance.publish(List.of(event, new Ticked(event.key(), 2))));
        await().until(() -> instance.parked().count().parked() == 2);
        for (Ticked each : failing) {
            assertThat(instance.parked().stackTrace("p", each.key())).isPresent();
            assertThat(instance.decide("p", each.key(), Decision.SKIP).stands()).isTrue();
            awaitFree(instance, each.key());
            assertThat(lab.effects("p", each.key())).containsExactly(2);
            assertThat(instance.parked().decisions("p", each.key())).hasSize(1);
        }
    }

    private Instance startWithParked(List<Ticked> events, Ticked failed) {
        failing.add(failed);
        Instance instance = start(QUICK, (event, jdbc) -> {});
        instance.publish(events);
        awaitParked(instance, failed.key());
        return instance;
    }

    private Instance start(ProcessorSettings settings, Instance.Step undoing) {
        return lab.instance("a")
                .settings(settings)
                .invoker("p", jdbc -> new Undoing(jdbc, heard, (event, j) -> failIfToldSo(event), undoing))
                .start();
    }

    private void failIfToldSo(Ticked event) {
        if (failing.contains(event)) {
            throw new IllegalStateException("no luck with " + event.key());
        }
    }

    private static ParkedDecision.State state(Instance instance, String decisionId) {
        return instance.parked().decision(decisionId).orElseThrow().state();
    }

    private static void awaitParked(Instance instance, String key) {
        await().until(() -> instance.parked()
                .find("p", key)
                .filter(p -> p.status() == Status.PARKED)
                .isPresent());
    }

    private static void awaitFree(Instance instance, String key) {
        await().until(() -> instance.parked().find("p", key).isEmpty());
    }
}
