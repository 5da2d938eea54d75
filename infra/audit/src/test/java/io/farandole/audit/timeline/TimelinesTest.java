package io.farandole.audit.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.timeline.Timeline.Entry;
import io.farandole.audit.timeline.Timeline.Heard;
import io.farandole.audit.timeline.Timeline.Missing;
import io.farandole.saga.status.ProcessStatus;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class TimelinesTest {

    private static final ProcessHistory ORDER = Told.by("order")
            .did("placed", "the command", 0)
            .heard("stock", "reserved", "placed", 30, 12)
            .did("confirmed", "reserved", 50)
            .history();
    private static final ProcessHistory STOCK = Told.by("stock")
            .heard("order", "placed", "the command", 0, 15)
            .did("reserved", "placed", 30)
            .history();

    @Test
    void anEventThatSeveralTellOfIsOne() {
        Timeline timeline = merge(STOCK, ORDER);
        assertThat(timeline.events()).extracting(Entry::eventId).containsExactly("placed", "reserved", "confirmed");
        Entry placed = timeline.events().get(0);
        assertThat(placed.command()).isEqualTo("Doplaced");
        assertThat(placed.aggregate()).isEqualTo(new Timeline.Aggregate("Thing", "thing-1", 1));
        assertThat(placed.cause()).isNull();
        assertThat(placed.heard())
                .containsExactly(new Heard("stock", 1, Told.START.plusMillis(15), Duration.ofMillis(15)));
        Entry confirmed = timeline.events().get(2);
        assertThat(confirmed.cause()).isEqualTo("reserved");
        assertThat(confirmed.depth()).isEqualTo(2);
        assertThat(confirmed.afterCause()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void whatOnlyItsHearersTellOfIsThereToo() {
        Timeline timeline =
                Timelines.merge("o-1", List.of(ORDER), List.of(), List.of(new Missing("stock", "cannot be reached")));
        Entry reserved = timeline.events().get(1);
        assertThat(reserved.context()).isEqualTo("stock");
        assertThat(reserved.command()).isNull();
        assertThat(reserved.aggregate()).isNull();
        assertThat(TimelineText.of(timeline))
                .contains("stock: stock.reserved.v1  (heard by order after 12 ms)")
                .contains("MISSING: stock cannot be reached. What only it knows is not shown.");
    }

    @Test
    void theTreeShowsWhatCausedWhat() {
        assertThat(TimelineText.of(merge(ORDER, STOCK)))
                .isEqualTo(
                        """
                        Process o-1: 3 events in order, stock, from 2026-03-01 10:00:00.000 UTC, 50 ms in all
                        10:00:00.000              order: order.placed.v1  (by Doplaced; Thing thing-1 #1; heard by stock after 15 ms)
                        10:00:00.030      +30 ms  └─ stock: stock.reserved.v1  (by Doreserved; Thing thing-1 #2; heard by order after 12 ms)
                        10:00:00.050      +20 ms     └─ order: order.confirmed.v1  (by Doconfirmed; Thing thing-1 #3; nobody who was asked has heard it)
                        Longest wait: 30 ms before stock: stock.reserved
                        """);
    }

    @Test
    void clocksThatDifferAreTold() {
        ProcessHistory late = Told.by("stock")
                .heard("order", "placed", "the command", 0, -4_000)
                .did("reserved", "placed", -3_000)
                .history();
        assertThat(TimelineText.of(merge(late, ORDER)))
                .contains("     -3.00 s  └─ stock")
                .contains("The contexts' clocks differ: 1 events bear an earlier time than what caused them.");
    }

    @Test
    void aChainOfTenThousandCausesIsPrinted() {
        Told told = Told.by("order").did("e0", null, 0);
        IntStream.range(1, 10_000).forEach(i -> told.did("e" + i, "e" + (i - 1), i));
        assertThat(TimelineText.of(merge(told.history())).lines()).hasSize(10_002);
    }

    @Test
    void aDiagramHasAnArrowForEachHearer() {
        assertThat(TimelineMermaid.of(merge(ORDER, STOCK)))
                .isEqualTo(
                        """
                        sequenceDiagram
                            participant c_order as order
                            participant c_stock as stock
                            c_order->>c_stock: order.placed (15 ms)
                            c_stock->>c_order: stock.reserved (12 ms)
                            Note over c_order: order.confirmed
                        """);
    }

    @Test
    void whatAJournalHoldsCannotBreakAPicture() throws Exception {
        ProcessHistory odd = Told.by("a<b>&\"c").did("x;y#z%%<script>", null, 0).history();
        Timeline timeline = merge(odd);
        String svg = TimelineSvg.of(timeline);
        assertThat(svg).doesNotContain("<script>");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(TimelineMermaid.of(timeline))
                .doesNotContain("<")
                .doesNotContain("%%")
                .contains("x#59;y#35;z");
        assertThat(TimelineText.of(
                        merge(Told.by("o").did("a\u001b[31m\nb", null, 0).history())))
                .doesNotContain("\u001b")
                .contains("o.a?[31m?b");
    }

    @Test
    void aProcessThatNobodyKnowsIsNotKnown() {
        ProcessHistory none = Told.by("order").history();
        Timeline timeline = Timelines.merge(
                "o-1",
                List.of(none),
                List.of(new ProcessStatus("order", "o-1", List.of(), List.of(), List.of(), List.of())),
                List.of());
        assertThat(timeline.isKnown()).isFalse();
        assertThat(TimelineText.of(timeline)).isEqualTo("Process o-1: no events\n");
    }

    @Test
    void durationsAreForPeople() {
        assertThat(List.of(
                                Duration.ofNanos(999_000),
                                Duration.ofNanos(1_260_000),
                                Duration.ofMillis(250),
                                Duration.ofMillis(1_254),
                                Duration.ofMillis(12_340),
                                Duration.ofSeconds(90),
                                Duration.ofMinutes(135),
                                Duration.ofHours(50))
                        .stream()
                        .map(Durations::text))
                .containsExactly(
                        "999 µs", "1.3 ms", "250 ms", "1.25 s", "12.3 s", "1 min 30 s", "2 h 15 min", "2 d 2 h");
    }

    private static Timeline merge(ProcessHistory... histories) {
        return Timelines.merge("o-1", List.of(histories), List.of(), List.of());
    }
}
