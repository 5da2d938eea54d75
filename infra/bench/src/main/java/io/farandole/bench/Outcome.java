package io.farandole.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What a benchmark found.
 *
 * @param benchmark its name
 * @param figures what was measured, in the order of the table
 * @param curves how it grows, a chart each
 * @param remarks what one must know to read the figures, a sentence each
 * @param invariants what was checked and held, a sentence each
 * @param machine where it was measured
 * @param at when the measuring began
 * @param commit of what
 */
public record Outcome(
        String benchmark,
        List<Figure> figures,
        List<Curve> curves,
        List<String> remarks,
        List<String> invariants,
        Machine machine,
        Instant at,
        String commit) {

    public Outcome {
        figures = List.copyOf(figures);
        curves = List.copyOf(curves);
        remarks = List.copyOf(remarks);
        invariants = List.copyOf(invariants);
    }

    /** Begins the outcome of a benchmark: call it before measuring, for it notes the time and the machine's load. */
    public static Builder of(String benchmark) {
        return new Builder(benchmark);
    }

    /** Whether every figure that has a target meets it. */
    public boolean isMet() {
        return figures.stream().allMatch(Figure::met);
    }

    /** Gathers an outcome. Used by one thread. */
    public static final class Builder {

        private final String benchmark;
        private final Machine machine = Machine.here();
        private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        private final List<Figure> figures = new ArrayList<>();
        private final List<Curve> curves = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();
        private final List<String> invariants = new ArrayList<>();

        private Builder(String benchmark) {
            this.benchmark = benchmark;
        }

        /** Adds a row to the table. */
        public Builder figure(Figure figure) {
            figures.add(figure);
            return this;
        }

        /** Adds a chart. */
        public Builder curve(Curve curve) {
            curves.add(curve);
            return this;
        }

        /** Adds what one must know to read the figures. */
        public Builder remark(String sentence) {
            remarks.add(sentence);
            return this;
        }

        /** Adds what was checked and held. */
        public Builder held(String sentence) {
            invariants.add(sentence);
            return this;
        }

        /** The outcome of what was gathered so far. */
        public Outcome build() {
            return new Outcome(benchmark, figures, curves, remarks, invariants, machine, at, Machine.commit());
        }
    }
}
