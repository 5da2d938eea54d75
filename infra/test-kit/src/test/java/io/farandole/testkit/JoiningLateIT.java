package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.backfill.Backfill;
import io.farandole.audit.backfill.BackfillRequest;
import io.farandole.boot.audit.Backfilling;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.testservers.Patience;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * A context joins while its producer, which has a long history that nobody had followed, goes on publishing for the same processes; the
 * producer is stopped and started half-way through. The guide's five steps, in their order.
 */
class JoiningLateIT {

    private static final EventType PRINTED = new EventType("press.issue-printed", 1);
    private static final Followers KIOSK =
            Followers.builder().add(PRINTED, List.of("kiosk")).build();

    private static final int ISSUES = 30;
    private static final int HISTORY = 60;

    /** What the press knows. */
    record Printed(String issue, int copy) {}

    /** What others get to know. */
    record IssuePrinted(String issue, int copy) {}

    /** Before anybody follows it. */
    @EnableAutoConfiguration
    static class Press {

        @Bean
        EventTypes types() {
            return EventTypes.builder()
                    .event("press.printed", 1, Printed.class, Printed::issue)
                    .event(PRINTED.name(), 1, IssuePrinted.class)
                    .build();
        }

        @Bean
        Publications publications() {
            return Publications.builder()
                    .publish(Printed.class, event -> new IssuePrinted(event.issue(), event.copy()))
                    .build();
        }
    }

    /** Its next release, whose language names the kiosk. */
    static class FollowedPress extends Press {

        @Bean
        Followers followers() {
            return KIOSK;
        }
    }

    @EnableAutoConfiguration
    static class Kiosk {

        @Bean
        EventTypes types() {
            return EventTypes.builder()
                    .event(PRINTED.name(), 1, IssuePrinted.class, IssuePrinted::issue)
                    .build();
        }

        @Bean
        Followers followers() {
            return KIOSK;
        }

        @Bean
        Shelf shelf() {
            return new Shelf();
        }
    }

    @ProcessingGroup("shelf")
    static class Shelf {

        final Queue<IssuePrinted> issues = new ConcurrentLinkedQueue<>();

        @EventHandler
        void on(IssuePrinted event) {
            issues.add(event);
        }
    }

    private static Dancer dancer(String context, Class<?> application) {
        return Dancer.of(context, application).with("spring.main.web-application-type", "none");
    }

    private static Dancer kiosk() {
        return dancer("kiosk", Kiosk.class).following(PRINTED.wireType());
    }

    @Test
    void whoJoinsLateHearsAllHistoryAndThenWhatIsLiveInOrder() throws Exception {
        try (Dance dance = Dance.of(dancer("press", Press.class))) {
            for (int copy = 0; copy < HISTORY; copy++) {
                print(dance, copy);
            }

            dance.join(kiosk().with("farandole.listener.joining", "true"));
            dance.restart(dancer("press", FollowedPress.class));
            try (Printing printing = new Printing(dance)) {
                printing.goOn();
                Backfilling.Started started = backfilling(dance)
                        .start(new BackfillRequest("kiosk", List.of(), null, null, 500, "the test", "it joins"));
                assertThat(started.missing()).isEmpty();
                Patience.await().until(() -> received(dance) > ISSUES * HISTORY / 10);
                printing.pause();
                dance.restart(dancer("press", FollowedPress.class));
                printing.goOn();
                Patience.await().until(() -> backfill(dance).state() == Backfill.State.DONE);
                printing.pause();

                Backfill done = backfill(dance);
                assertThat(done.events()).isGreaterThanOrEqualTo(ISSUES * HISTORY);
                Patience.await().until(() -> received(dance) >= ISSUES * HISTORY);
                int copies = printing.next();
                // What is live waits, but for what was live when the backfill began and so is history.
                assertThat(received(dance)).isLessThan((long) ISSUES * copies);

                dance.restart(kiosk());
                Patience.await().until(() -> received(dance) == (long) ISSUES * copies);
                inOrder(dance, copies);
            }
        }
    }

    @Test
    void whatHoldsABackfillUpIsToldAndItGoesOnOnceItIsRepaired() {
        try (Dance dance = Dance.of(dancer("press", FollowedPress.class), kiosk())) {
            print(dance, 0);
            Patience.await().until(() -> received(dance) == ISSUES);
            String binding = "bindings/" + dance.broker().vhost() + "/e/press.backfill/q/kiosk.backfill";
            dance.broker().manage("DELETE", binding + "/kiosk", "");
            backfilling(dance)
                    .start(new BackfillRequest("kiosk", List.of(), null, null, null, "the test", "it has lost some"));
            Patience.await().until(() -> backfill(dance).trouble() != null);
            assertThat(backfill(dance).trouble())
                    .contains("No queue is bound to exchange press.backfill with routing key kiosk");
            assertThat(backfill(dance).troubleSince()).isNotNull();
            assertThat(backfill(dance).state()).isEqualTo(Backfill.State.RUNNING);

            dance.broker().manage("POST", binding, "{\"routing_key\":\"kiosk\"}");
            Patience.await().until(() -> backfill(dance).state() == Backfill.State.DONE);
            assertThat(backfill(dance).trouble()).isNull();
            assertThat(backfill(dance).events()).isEqualTo(ISSUES);
        }
    }

    /** Each process's copies are in the journal, and have been handled by the new instance or the one before, each once and in order. */
    private static void inOrder(Dance dance, int copies) {
        Map<String, List<String>> byProcess = dance.context("kiosk").journal().stream()
                .filter(line -> !line.own())
                .collect(Collectors.groupingBy(
                        JournalLine::processKey, Collectors.mapping(JournalLine::payload, Collectors.toList())));
        assertThat(byProcess).hasSize(ISSUES);
        byProcess.forEach((issue, payloads) -> assertThat(payloads)
                .as(issue)
                .isEqualTo(IntStream.range(0, copies)
                        .mapToObj(copy -> "{\"issue\":\"" + issue + "\",\"copy\":" + copy + "}")
                        .toList()));
    }

    private static Backfilling backfilling(Dance dance) {
        return dance.context("press").bean(Backfilling.class);
    }

    private static Backfill backfill(Dance dance) {
        return backfilling(dance).backfills().latest(1).get(0);
    }

    private static long received(Dance dance) {
        return dance.context("kiosk").journal().stream()
                .filter(line -> !line.own())
                .count();
    }

    private static void print(Dance dance, int copy) {
        dance.context("press")
                .bean(EventGateway.class)
                .publish(IntStream.range(0, ISSUES)
                        .mapToObj(issue -> new Printed("issue-" + issue, copy))
                        .toList());
    }

    /** Prints one copy of every issue after the other, while it is to. */
    private static final class Printing implements AutoCloseable {

        private final Dance dance;
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final AtomicBoolean going = new AtomicBoolean();
        private Future<Integer> printed;
        private int next = HISTORY;

        @SuppressWarnings("NullAway.Init") // goOn() comes first
        Printing(Dance dance) {
            this.dance = dance;
        }

        void goOn() {
            going.set(true);
            int first = next;
            printed = thread.submit(() -> {
                int copy = first;
                while (going.get()) {
                    print(dance, copy++);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                return copy;
            });
        }

        void pause() throws Exception {
            going.set(false);
            next = printed.get();
        }

        /** The number of the copy that would be printed next. */
        int next() {
            return next;
        }

        @Override
        public void close() {
            going.set(false);
            thread.shutdown();
        }
    }
}
