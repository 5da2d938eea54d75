package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.ParkedProcess.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParkingEventProcessorIT {

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("parking");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void parksTheOneProcessThatFailsWhile255OthersGoOn() {
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> failFor(event, "k-17"))
                .start();
        List<Ticked> events = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            for (int key = 0; key < 256; key++) {
                events.add(new Ticked("k-" + key, number));
            }
        }
        instance.publish(events);

        await().until(() -> lab.effects("p").values().stream()
                        .filter(done -> done.equals(List.of(1, 2, 3, 4)))
                        .count()
                == 255);
        await().until(() -> instance.parked()
                .find("p", "k-17")
                .filter(p -> p.status() == Status.PARKED)
                .isPresent());
        ParkedProcess parked = instance.parked().find("p", "k-17").orElseThrow();
        assertThat(parked.attempts()).isEqualTo(4);
        assertThat(parked.waitingEvents()).isEqualTo(4);
        assertThat(parked.errorClass()).isEqualTo(IllegalStateException.class.getName());
        assertThat(parked.errorMessage()).isEqualTo("no luck with k-17");
        assertThat(instance.parked().stackTrace("p", "k-17").orElseThrow()).contains("ParkingEventProcessorIT.failFor");
        assertThat(parked.nextAttemptAt()).isNull();
        assertThat(parked.failedEventType()).isEqualTo(Ticked.class.getName());
        assertThat(instance.parked().count()).isEqualTo(new ParkedProcesses.Counts(0, 1, 4));
        assertThat(lab.effects("p", "k-17")).isEmpty();
    }

    @Test
    void queuesLaterEventsBehindTheFailedOneAndDrainsThemInOrderWhenAPersonRetries() {
        AtomicBoolean healed = new AtomicBoolean();
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    if (event.number() == 3 && !healed.get()) {
                        throw new IllegalStateException("third time");
                    }
                })
                .start();
        instance.publish(ticks("k", 1, 5));
        await().until(() -> instance.parked().count().parked() == 1);
        instance.publish(ticks("k", 6, 9));
        instance.publish(ticks("other", 1, 2));
        await().until(() -> instance.parked().count().waitingEvents() == 7);
        // Nobody waits for the others: they may be a moment behind.
        await().until(() -> lab.effects("p", "other").size() == 2);
        assertThat(lab.effects("p", "k")).containsExactly(1, 2);
        assertThat(lab.effects("p", "other")).containsExactly(1, 2);

        healed.set(true);
        instance.retry("p", "k");
        await().until(() -> instance.parked().list(ParkedQuery.ALL).processes().isEmpty());
        assertThat(lab.effects("p", "k")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(lab.jdbc()
                        .queryForList(
                                "select decided_by || ': ' || reason from farandole.parked_decision", String.class))
                .containsExactly("test: mended");

        instance.publish(ticks("k", 10, 10));
        await().until(() -> lab.effects("p", "k").size() == 10);
    }

    /** Axon's units of work end without a rollback then; the transaction must end, on this thread and in the pool. */
    @Test
    void whatAnErrorAtTheCommitBreaksOffIsDoneAgain() {
        AtomicInteger errors = new AtomicInteger();
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    if (event.key().equals("k-1") && errors.getAndIncrement() < 2) {
                        CurrentUnitOfWork.get().root().onCommit(unit -> {
                            throw new StackOverflowError("at the commit");
                        });
                    }
                })
                .start();
        instance.publish(List.of(new Ticked("k-1", 1), new Ticked("k-2", 1), new Ticked("k-3", 1)));
        instance.publish(ticks("k-1", 2, 3));
        await().until(() -> lab.effects("p", "k-1").size() >= 3);
        await().until(() -> instance.parked().list(ParkedQuery.ALL).processes().isEmpty());
        assertThat(errors.get()).isGreaterThan(2);
        assertThat(lab.effects("p", "k-1")).containsExactly(1, 2, 3);
        assertThat(lab.effects("p", "k-2")).containsExactly(1);
        assertThat(lab.effects("p", "k-3")).containsExactly(1);
        assertThat(lab.jdbc()
                        .queryForObject(
                                "select count(*) from pg_stat_activity where datname = current_database()"
                                        + " and state like 'idle in transaction%' and state_change < now() - interval '1 second'",
                                Long.class))
                .as("transactions left open")
                .isZero();
    }

    @Test
    void retriesByItselfUntilItHeals() {
        AtomicInteger attempts = new AtomicInteger();
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    // Alone (perhaps in a batch before), and once or twice by the worker.
                    if (event.number() == 1 && attempts.incrementAndGet() <= 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .start();
        instance.publish(ticks("k", 1, 3));
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 2, 3)));
        await().until(() -> instance.parked().count().waitingEvents() == 0);
        assertThat(instance.parked().list(ParkedQuery.ALL).processes()).isEmpty();
    }

    @Test
    void theHandlersOwnRetryPolicyCounts() {
        Instance instance = lab.instance("a")
                .more(configurer -> {
                    Object handler = new TwoAttempts();
                    configurer.eventProcessing().registerEventHandler(c -> handler);
                    configurer.eventProcessing().assignHandlerInstancesMatching("annotated", handler::equals);
                })
                .processor("plain", (event, jdbc) -> failFor(event, "k"))
                .start();
        instance.publish(ticks("k", 1, 2));
        await().until(() -> instance.parked().count().parked() == 2);
        assertThat(instance.parked().find("annotated", "k").orElseThrow().attempts())
                .isEqualTo(2);
        assertThat(instance.parked().find("plain", "k").orElseThrow().attempts())
                .isEqualTo(4);
    }

    @Test
    void processorsParkIndependently() {
        Instance instance = lab.instance("a")
                .processor("fails", (event, jdbc) -> failFor(event, "k"))
                .processor("works", (event, jdbc) -> {})
                .start();
        instance.publish(ticks("k", 1, 3));
        await().until(() -> lab.effects("works", "k").equals(List.of(1, 2, 3)));
        await().until(() -> instance.parked()
                        .list(ParkedQuery.ALL.withStatus(Status.PARKED))
                        .processes()
                        .size()
                == 1);
        assertThat(instance.parked().find("works", "k")).isEmpty();
        assertThat(instance.parked()
                        .list(ParkedQuery.ALL.withProcessor("works"))
                        .processes())
                .isEmpty();
    }

    @Test
    void neverCountsVersionConflictsTowardsParking() {
        AtomicInteger conflicts = new AtomicInteger();
        Map<String, Integer> perKey = new ConcurrentHashMap<>();
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    // Longer than the batch and the event alone are repeated, so that it is set aside for a while.
                    if (event.key().equals("hot") && perKey.merge("hot", 1, Integer::sum) <= 25) {
                        conflicts.incrementAndGet();
                        throw new ConcurrencyException("somebody was faster");
                    }
                })
                .start();
        instance.publish(ticks("hot", 1, 2));
        instance.publish(ticks("cold", 1, 2));
        await().until(() -> lab.effects("p", "cold").size() == 2);
        await().until(() -> lab.effects("p", "hot").equals(List.of(1, 2)));
        assertThat(conflicts).hasValue(25);
        assertThat(instance.parked().count().parked()).isZero();
    }

    @Test
    void findsTheCulpritOfAFailureAtCommit() {
        lab.jdbc().update("insert into app.single (name) values ('taken')");
        Instance instance = lab.instance("a")
                .settings(QUICK.withSegments(1))
                .processor("p", (event, jdbc) -> {
                    if (event.key().equals("k-5")) {
                        jdbc.update("insert into app.single (name) values ('taken')");
                    }
                })
                .start();
        List<Ticked> events = new ArrayList<>();
        for (int key = 0; key < 50; key++) {
            events.add(new Ticked("k-" + key, 1));
        }
        instance.publish(events);
        await().until(() -> lab.effects("p").size() == 49);
        await().until(() -> instance.parked().count().parked() == 1);
        ParkedProcess parked = instance.parked().find("p", "k-5").orElseThrow();
        assertThat(instance.parked().stackTrace("p", "k-5").orElseThrow()).contains("single_name");
        assertThat(lab.effects("p").values())
                .allSatisfy(done -> assertThat(done).containsExactly(1));
    }

    @Test
    void blamesTheProcessWhoseSwallowedErrorSpoilsTheTransaction() {
        Instance instance = lab.instance("a")
                .settings(QUICK.withSegments(1))
                .processor("p", (event, jdbc) -> {
                    if (event.key().equals("k-5")) {
                        try {
                            jdbc.update("select nonsense");
                        } catch (RuntimeException swallowed) {
                            assertThat(swallowed).isNotNull();
                        }
                    }
                })
                .start();
        List<Ticked> events = new ArrayList<>();
        for (int key = 0; key < 20; key++) {
            events.add(new Ticked("k-" + key, 1));
        }
        instance.publish(events);
        await().until(() -> lab.effects("p").size() == 19);
        await().until(() -> instance.parked().count().parked() == 1);
        assertThat(instance.parked().find("p", "k-5")).isPresent();
    }

    @Test
    void setsAsideManyFailingProcessesOfOneBatch() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Instance instance = lab.instance("a")
                // All keys that fail are in one segment: with a brake they would be taken for an outage.
                .settings(QUICK.withRetry(RetryPolicy.of("3 attempts, first wait 200 ms, doubled up to 1 s"))
                        .withBrake(0, Duration.ofSeconds(1)))
                .processor("p", (event, jdbc) -> {
                    if (broken.get() && event.key().hashCode() % 2 == 0) {
                        throw new AssertionError("every second");
                    }
                })
                .start();
        List<Ticked> events = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            for (int key = 0; key < 60; key++) {
                events.add(new Ticked("k-" + key, number));
            }
        }
        instance.publish(events);
        await().until(() -> instance.parked().count().parked() == 30);
        assertThat(lab.effects("p")).hasSize(30);
        broken.set(false);
        for (ParkedProcess parked : instance.parked()
                .list(ParkedQuery.ALL.withStatus(Status.PARKED))
                .processes()) {
            instance.retry("p", parked.processKey());
        }
        await().until(() -> instance.parked().count().waitingEvents() == 0);
        assertThat(lab.effects("p")).hasSize(60);
        assertThat(lab.effects("p").values())
                .allSatisfy(done -> assertThat(done).containsExactly(1, 2, 3));
    }

    @Test
    void goesOnAfterAllSessionsOfTheDatabaseWereEnded() {
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        for (int round = 0; round < 5; round++) {
            instance.publish(ticks("k", round * 10 + 1, round * 10 + 10));
            lab.database().server().terminateSessions(lab.database());
            awaitConnections();
        }
        await().until(() -> lab.effects("p", "k").size() >= 50);
        assertThat(lab.effects("p", "k")).isSorted().doesNotHaveDuplicates().hasSize(50);
        assertThat(instance.parked().list(ParkedQuery.ALL).processes()).isEmpty();
    }

    private void awaitConnections() {
        await().ignoreExceptions().until(() -> lab.jdbc().queryForObject("select 1", Integer.class), one -> one == 1);
    }

    private static void failFor(Ticked event, String key) {
        if (event.key().equals(key)) {
            throw new IllegalStateException("no luck with " + key);
        }
    }

    private static final class TwoAttempts {

        @EventHandler
        @Retries("2 attempts, each wait 20 ms")
        @SuppressWarnings("unused") // Axon calls it
        void on(Ticked event) {
            failFor(event, "k");
        }
    }
}
