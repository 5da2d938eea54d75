package io.farandole.axon;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.async.FullConcurrencyPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Views: one row, several processes that change it. */
class SequencingIT {

    private static final int AGGREGATES = 5;
    private static final int EVENTS = 60;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("sequencing");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** A charge is one process, the refund of what was returned another one; what they change is one row. */
    @Test
    void theEventsOfAnAggregateAreHandledInOrderAlthoughTheyBelongToSeveralProcesses() {
        Set<String> busy = ConcurrentHashMap.newKeySet();
        AtomicInteger overlaps = new AtomicInteger();
        Instance instance = lab.instance("a")
                .settings(Instance.QUICK.withSegments(4).withBatchSize(5))
                .processor("view", (event, jdbc) -> {
                    if (!busy.add(aggregateOf(event))) {
                        overlaps.incrementAndGet();
                    }
                    LockSupport.parkNanos(1_000_000);
                    busy.remove(aggregateOf(event));
                })
                .start();
        publish(instance);
        await().until(() -> handled().size() == AGGREGATES * EVENTS);
        for (int aggregate = 1; aggregate <= AGGREGATES; aggregate++) {
            assertThat(handled("a-" + aggregate))
                    .isEqualTo(IntStream.rangeClosed(1, EVENTS).boxed().toList());
        }
        assertThat(overlaps).hasValue(0);
    }

    /** What comes after an event that fails waits behind it, whichever process it belongs to. */
    @Test
    void anAggregateIsSetAsideAsAWhole() {
        AtomicInteger failures = new AtomicInteger(3);
        Instance instance = lab.instance("a")
                .settings(Instance.QUICK.withSegments(4).withBatchSize(5))
                .processor("view", (event, jdbc) -> {
                    if (aggregateOf(event).equals("a-1") && event.number() == 20 && failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .start();
        publish(instance);
        await().until(() -> handled("a-1").size() == EVENTS);
        assertThat(handled("a-1"))
                .isEqualTo(IntStream.rangeClosed(1, EVENTS).boxed().toList());
        assertThat(failures.get()).isLessThanOrEqualTo(0);
    }

    @Test
    void aPolicyOfTheProcessorsOwnIsWhatIsSetAsideToo() {
        Instance instance = lab.instance("a")
                .settings(Instance.QUICK.withSegments(2))
                .processor("view", (event, jdbc) -> {
                    if (event.number() == 2) {
                        throw new IllegalStateException("two");
                    }
                })
                .more(configurer ->
                        configurer.eventProcessing().registerSequencingPolicy("view", c -> new FullConcurrencyPolicy()))
                .start();
        instance.publish(Instance.ticks("k", 1, 3));
        await().until(() -> instance.parked().count().parked() == 1);
        await().until(() -> lab.effects("view", "k").size() == 2);
        assertThat(lab.effects("view", "k")).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void anEventOfNoAggregateBelongsToItsProcess() {
        EventMessage<?> received =
                GenericEventMessage.asEventMessage("x").andMetaData(Map.of(Headers.PROCESS_KEY, "p"));
        assertThat(Sequencing.perAggregate().getSequenceIdentifierFor(received)).isEqualTo("p");
        EventMessage<?> own =
                new GenericDomainEventMessage<>("Counter", "a", 0, "x").andMetaData(Map.of(Headers.PROCESS_KEY, "p"));
        assertThat(Sequencing.perAggregate().getSequenceIdentifierFor(own)).isEqualTo("a");
        assertThat(Sequencing.perProcess().getSequenceIdentifierFor(own)).isEqualTo("p");
    }

    /** Each aggregate's events belong to seven processes in turn. */
    private static void publish(Instance instance) {
        for (int number = 1; number <= EVENTS; number++) {
            List<EventMessage<?>> events = new ArrayList<>();
            for (int aggregate = 1; aggregate <= AGGREGATES; aggregate++) {
                String id = "a-" + aggregate;
                events.add(new GenericDomainEventMessage<>(
                        "Counter", id, number - 1, new Ticked(id + "/process-" + number % 7, number)));
            }
            instance.transactions()
                    .executeInTransaction(
                            () -> instance.configuration().eventStore().publish(events));
        }
    }

    private static String aggregateOf(Ticked event) {
        return event.key().substring(0, event.key().indexOf('/'));
    }

    private List<Integer> handled(String aggregate) {
        return lab.jdbc()
                .queryForList(
                        "select number from app.effect where process_key like ? order by id",
                        Integer.class,
                        aggregate + "/%");
    }

    private List<Integer> handled() {
        return lab.jdbc().queryForList("select number from app.effect", Integer.class);
    }
}
