package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.farandole.cli.ExchangeDifference.Kind;
import io.farandole.cli.Witness.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairComparisonTest {

    private static final String PLACED = "order.order-placed.v1";
    private static final String CANCELLED = "order.order-cancelled.v1";

    private final RememberedExchange order = new RememberedExchange("order");
    private final RememberedExchange stock = new RememberedExchange("stock");
    private final List<Runnable> meanwhile = new ArrayList<>();

    @BeforeEach
    void declares() {
        order.publishes.put(PLACED, List.of("stock"));
        order.publishes.put(CANCELLED, List.of("payment", "stock"));
        order.publishes.put("order.order-seen.v1", List.of("payment"));
    }

    @Test
    void equalJournalsCostOnePassOverEach() {
        for (int i = 1; i <= 20_000; i++) {
            stock.receive("order", order.publish(3L * i, i % 5 == 0 ? CANCELLED : PLACED, "o-" + i));
            order.publish(3L * i + 1, "order.order-seen.v1", "o-" + i);
        }
        order.questions = 0;
        order.digested = 0;
        PairReport report = compare(null);
        assertThat(report.agrees()).isTrue();
        assertThat(report.events()).isEqualTo(20_000);
        assertThat(order.digested).isEqualTo(20_000);
        assertThat(stock.digested).isEqualTo(20_000);
        assertThat(order.questions + stock.questions).isLessThanOrEqualTo(6);
    }

    @Test
    void whatIsMissingIsNamedWithinABoundedNumberOfQuestions() {
        for (int i = 1; i <= 100_000; i++) {
            Event event = order.publish(i, PLACED, "o-" + i);
            if (i != 4_711 && i != 99_000) {
                stock.receive("order", event);
            }
        }
        assertThat(compare(null).differences())
                .extracting(ExchangeDifference::kind, ExchangeDifference::eventId)
                .containsExactly(tuple(Kind.MISSING, "order-4711"), tuple(Kind.MISSING, "order-99000"));
        assertThat(order.questions + stock.questions).isLessThan(20);
    }

    @Test
    void whatArrivesMeanwhileIsNoDifference() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        Event late = order.publish(2, PLACED, "o-2");
        stock.receive("order", order.publish(3, PLACED, "o-3"));
        meanwhile.add(() -> stock.receive("order", late));
        assertThat(compare(null).agrees()).isTrue();
    }

    @Test
    void whatIsYoungMayBeOnItsWayAndWhatIsOldAndLastIsOverdue() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        order.publish(2, PLACED, "o-2", RememberedExchange.NOW.minusSeconds(59));
        PairReport report = compare(null);
        assertThat(report.agrees()).isTrue();
        assertThat(report.underway()).isEqualTo(1);
        order.publish(3, PLACED, "o-3");
        assertThat(compare(null).differences()).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Kind.OVERDUE);
            assertThat(difference.detail()).contains("nor anything later");
        });
    }

    @Test
    void whatWasPublishedBeforeTheFollowersFirstEventIsToldApart() {
        for (int i = 1; i <= 10; i++) {
            Event event = order.publish(i, PLACED, "o-" + i);
            if (i > 4) {
                stock.receive("order", event);
            }
        }
        PairReport report = compare(null);
        assertThat(report.agrees()).isTrue();
        assertThat(report.before()).isEqualTo(4);
        assertThat(report.events()).isEqualTo(6);
        assertThat(compare(2L).differences())
                .extracting(ExchangeDifference::position)
                .containsExactly(2L, 3L, 4L);
    }

    @Test
    void aTypeOfWhichNothingEverCameIsADifference() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        order.publish(2, CANCELLED, "o-1");
        order.publish(3, CANCELLED, "o-2");
        assertThat(compare(null).differences()).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Kind.NEVER_HEARD);
            assertThat(difference.type()).isEqualTo(CANCELLED);
            assertThat(difference.detail()).contains("none of 2");
        });
    }

    @Test
    void aTypeThatBeganJustNowIsNotMissedYet() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        order.publish(2, CANCELLED, "o-1", RememberedExchange.NOW.minusSeconds(1));
        PairReport report = compare(null);
        assertThat(report.agrees()).isTrue();
        assertThat(report.underway()).isEqualTo(1);
    }

    @Test
    void whatTheProducerDoesNotKnowOrKeptForItselfOrKnowsOtherwiseIsNamed() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        Instant at = RememberedExchange.NOW.minusSeconds(100);
        stock.receive("order", new Event(2, "phantom", PLACED, "o-2", "x", at));
        order.kept.add(new Event(3, "secret", null, "o-3", "x", at));
        stock.receive("order", new Event(3, "secret", PLACED, "o-3", "x", at));
        order.publish(4, PLACED, "o-4");
        stock.receive("order", new Event(4, "order-4", PLACED, "o-5", "other", at));
        order.publish(5, PLACED, "o-6");
        stock.receive("order", new Event(5, "order-5", CANCELLED, "o-6", "body-5", at));
        stock.receive("order", order.publish(6, PLACED, "o-7"));
        assertThat(compare(1L).differences())
                .extracting(ExchangeDifference::kind, ExchangeDifference::eventId, it -> it.detail()
                        .replaceFirst("^published and received differ in ", ""))
                .containsExactlyInAnyOrder(
                        tuple(Kind.UNKNOWN, "phantom", "stock has received it, and order's journal does not hold it"),
                        tuple(Kind.CHANGED, "secret", "type (null there, order.order-placed.v1 here)"),
                        tuple(Kind.CHANGED, "order-4", "process key (o-4 there, o-5 here), body"),
                        tuple(
                                Kind.CHANGED,
                                "order-5",
                                "type (order.order-placed.v1 there, order.order-cancelled.v1 here)"));
    }

    @Test
    void whatIsOutOfOrderIsNamed() {
        stock.receive("order", order.publish(1, PLACED, "o-1"));
        stock.overtaken.add(new Witness.Overtaken(1, "order-1", PLACED, "o-1", 7));
        assertThat(compare(null).differences()).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Kind.OVERTAKEN);
            assertThat(difference.detail()).isEqualTo("stock received it after #7 of the same process");
        });
    }

    @Test
    void manyDifferencesAreNamedUpToALimitAndTheRestCounted() {
        for (int i = 1; i <= 100_000; i++) {
            Event event = order.publish(i, PLACED, "o-" + i);
            if (i % 10 == 0) {
                stock.receive("order", event);
            }
        }
        PairReport report = compare(1L);
        assertThat(report.differences()).hasSizeBetween(50, 2_000);
        assertThat(report.more()).isGreaterThan(200);
        assertThat(report.agrees()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void exactlyWhatWasLostIsNamed(long seed) {
        Random random = new Random(seed);
        List<String> lost = new ArrayList<>();
        long position = 0;
        for (int i = 0; i < 5_000; i++) {
            position += 1 + random.nextInt(400);
            Event event =
                    order.publish(position, random.nextBoolean() ? PLACED : CANCELLED, "o-" + random.nextInt(500));
            if (i > 10 && i < 4_990 && random.nextInt(200) == 0) {
                lost.add(event.eventId());
            } else {
                stock.receive("order", event);
            }
        }
        assertThat(compare(null).differences())
                .allSatisfy(difference -> assertThat(difference.kind()).isEqualTo(Kind.MISSING))
                .extracting(ExchangeDifference::eventId)
                .containsExactlyElementsOf(lost);
    }

    private PairReport compare(@Nullable Long from) {
        PairComparison.Rules rules =
                new PairComparison.Rules(from, Duration.ofSeconds(60), 50, () -> meanwhile.forEach(Runnable::run));
        return new PairComparison(order, order.overview(), stock, rules).compare();
    }
}
