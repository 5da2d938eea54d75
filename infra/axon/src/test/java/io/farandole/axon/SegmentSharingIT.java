package io.farandole.axon;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentSharingIT {

    private static final Duration EVERY = Duration.ofMillis(100);
    private static final int KEYS = 20;

    private Lab lab;
    private int published;

    @BeforeEach
    void open() {
        lab = new Lab("sharing");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Events flow all the time, and every one takes effect once and in order, whoever has its segment. */
    @Test
    void instancesShareSegmentsWhileTheyComeAndGo() {
        Instance first = start("first");
        flowUntil(() -> held(first).equals(List.of(3, 3)), first);

        Instance second = start("second");
        flowUntil(() -> total(first) == 3 && total(second) == 3, first);
        assertThat(held(first)).as("segments of each processor are spread").doesNotContain(0, 3);

        Instance third = start("third");
        flowUntil(() -> total(first) == 2 && total(second) == 2 && total(third) == 2, first);

        second.kill();
        // What the dead one had is free once its claims have run out; whoever took more than its share passes it on.
        flowUntil(() -> total(first) + total(third) == 6, first);
        lab.jdbc().update("delete from farandole.instance where seen_at < clock_timestamp() - interval '1 second'");
        flowUntil(() -> total(first) == 3 && total(third) == 3, first);

        third.close();
        flowUntil(() -> total(first) == 6, first);
        assertThat(lab.jdbc().queryForObject("select count(*) from farandole.instance", Integer.class))
                .as("an instance that ends takes its row along")
                .isEqualTo(1);

        await().until(() -> effects("p") >= (long) KEYS * published && effects("q") >= (long) KEYS * published);
        List<Integer> all = IntStream.rangeClosed(1, published).boxed().toList();
        for (String processor : List.of("p", "q")) {
            assertThat(lab.effects(processor)).hasSize(KEYS);
            assertThat(lab.effects(processor).values())
                    .allSatisfy(done -> assertThat(done).isEqualTo(all));
        }
        assertThat(first.parked().list(ParkedQuery.ALL).processes()).isEmpty();
    }

    @Test
    void whatNobodyTakesIsTakenBack() {
        Instance first = start("first");
        await().until(() -> total(first) == 6);
        // An instance that has told of itself, and is frozen: it takes nothing.
        lab.jdbc()
                .update("insert into farandole.instance (instance, processors, segments, seen_at)"
                        + " values ('frozen', array['p', 'q'], 0, clock_timestamp())");
        await().until(() -> total(first) == 3);
        await().until(() -> total(first) == 6);
    }

    private Instance start(String name) {
        return lab.instance(name)
                .settings(Instance.QUICK.withSegments(3))
                .sharing(EVERY)
                .processor("q", (event, jdbc) -> {})
                .processor("p", (event, jdbc) -> {})
                .start();
    }

    private void flowUntil(java.util.concurrent.Callable<Boolean> condition, Instance publisher) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            published++;
            List<Ticked> events = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                events.add(new Ticked("k-" + key, published));
            }
            publisher.publish(events);
            return condition.call();
        });
    }

    private long effects(String processor) {
        return lab.effects(processor).values().stream().mapToInt(List::size).sum();
    }

    /** Segments of p, and of q. */
    private static List<Integer> held(Instance instance) {
        return List.of(working(instance, "p"), working(instance, "q"));
    }

    private static int total(Instance instance) {
        return working(instance, "p") + working(instance, "q");
    }

    private static int working(Instance instance, String processor) {
        Map<Integer, EventTrackerStatus> status = instance.processor(processor).processingStatus();
        return (int) status.values().stream().filter(it -> !it.isErrorState()).count();
    }
}
