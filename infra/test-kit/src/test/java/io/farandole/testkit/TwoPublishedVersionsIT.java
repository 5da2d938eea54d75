package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.farandole.eventstore.JsonUpcaster;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.testservers.Patience;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * A producer's instances are replaced one by one: some publish version 1 of an event, others version 2 already. Who follows it has been
 * deployed before, knows version 2 only, and has an upcaster.
 */
class TwoPublishedVersionsIT {

    private static final EventType V1 = new EventType("press.issue-printed", 1);
    private static final EventType V2 = new EventType("press.issue-printed", 2);

    private static final Followers FOLLOWERS = Followers.builder()
            .add(V1, List.of("kiosk"))
            .add(V2, List.of("kiosk"))
            .build();

    /** What the old instances publish. */
    record IssuePrintedBefore(String issue, String title) {}

    /** What the new ones publish: the title has become a headline, and there is a price. */
    record IssuePrinted(String issue, String headline, int cents) {}

    record PrintedByOld(String issue) {}

    record PrintedByNew(String issue) {}

    @EnableAutoConfiguration
    static class Press {

        @Bean
        EventTypes types() {
            return EventTypes.builder()
                    .event("press.printed-by-old", 1, PrintedByOld.class, PrintedByOld::issue)
                    .event("press.printed-by-new", 1, PrintedByNew.class, PrintedByNew::issue)
                    .event(V1.name(), 1, IssuePrintedBefore.class)
                    .event(V2.name(), 2, IssuePrinted.class)
                    .build();
        }

        @Bean
        Publications publications() {
            return Publications.builder()
                    .publish(PrintedByOld.class, event -> new IssuePrintedBefore(event.issue(), "old title"))
                    .publish(PrintedByNew.class, event -> new IssuePrinted(event.issue(), "new headline", 250))
                    .build();
        }

        @Bean
        Followers followers() {
            return FOLLOWERS;
        }
    }

    @EnableAutoConfiguration
    static class Kiosk {

        @Bean
        EventTypes types() {
            return EventTypes.builder()
                    .event(V2.name(), 2, IssuePrinted.class, IssuePrinted::issue)
                    .build();
        }

        @Bean
        JsonUpcaster titleBecameHeadline() {
            return JsonUpcaster.of(V1.name(), 1, fields -> {
                fields.set("headline", fields.remove("title"));
                fields.put("cents", 200);
            });
        }

        @Bean
        Followers followers() {
            return FOLLOWERS;
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

    @Test
    void bothVersionsAreFollowedAndHandledAsTheNewOne() {
        try (Dance dance = Dance.of(
                Dancer.of("press", Press.class).with("spring.main.web-application-type", "none"),
                Dancer.of("kiosk", Kiosk.class)
                        .following(V1.wireType(), V2.wireType())
                        .with("spring.main.web-application-type", "none"))) {
            EventGateway press = dance.context("press").bean(EventGateway.class);
            press.publish(new PrintedByOld("may"));
            press.publish(new PrintedByNew("may"));
            press.publish(new PrintedByOld("may"));

            Queue<IssuePrinted> issues = dance.context("kiosk").bean(Shelf.class).issues;
            Patience.await().until(() -> issues.size() == 3);
            assertThat(issues)
                    .containsExactly(
                            new IssuePrinted("may", "old title", 200),
                            new IssuePrinted("may", "new headline", 250),
                            new IssuePrinted("may", "old title", 200));
            // What came is kept as it came.
            assertThat(dance.context("kiosk").journalOf("may"))
                    .extracting(JournalLine::wireType, JournalLine::payload)
                    .containsExactly(
                            tuple(V1.wireType(), "{\"issue\":\"may\",\"title\":\"old title\"}"),
                            tuple(V2.wireType(), "{\"issue\":\"may\",\"headline\":\"new headline\",\"cents\":250}"),
                            tuple(V1.wireType(), "{\"issue\":\"may\",\"title\":\"old title\"}"));
        }
    }
}
