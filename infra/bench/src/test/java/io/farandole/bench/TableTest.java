package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    private final Outcome outcome = Outcome.of("dance")
            .figure(Figure.of("throughput", "orders/s", 1_234)
                    .against("raw", 3_900)
                    .ratioAtLeast(0.3))
            .figure(Figure.of("latency", "ms", 12.5).atMost(10))
            .figure(Figure.of("events", "per order", 7))
            .held("nothing was lost")
            .remark("two cores")
            .build();

    @Test
    void tableShowsOursBaselineRatioTargetAndWhetherItIsMet() {
        assertThat(Table.of(outcome).lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("throughput, orders/s", "1,234", "raw 3,900", "0.32", "ratio ≥ 0.30", "met"))
                .anySatisfy(line -> assertThat(line).contains("latency, ms", "12.5", "≤ 10", "NOT MET"))
                .anySatisfy(line -> assertThat(line).matches("events, per order +7"))
                .contains("  - nothing was lost", "  - two cores");
        assertThat(outcome.isMet()).isFalse();
    }

    @Test
    void baselineOfNothingMeetsNoTargetOfARatio() {
        Figure figure = Figure.of("throughput", "orders/s", 5).against("raw", 0).ratioAtLeast(0.3);
        assertThat(figure.ratio()).isNull();
        assertThat(figure.met()).isFalse();
    }

    @Test
    void limitItselfIsMet() {
        assertThat(Figure.of("commits", "per order", 14).atMost(14).met()).isTrue();
        assertThat(Figure.of("rate", "1/s", 14).atLeast(14).met()).isTrue();
        assertThat(Figure.of("p50", "ms", 20).against("raw", 10).ratioAtMost(2).met())
                .isTrue();
        assertThat(Figure.of("p50", "ms", 20.1)
                        .against("raw", 10)
                        .ratioAtMost(2)
                        .met())
                .isFalse();
    }
}
