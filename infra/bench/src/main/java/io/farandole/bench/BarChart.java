package io.farandole.bench;

/** The figures of an outcome: for each a bar of ours and one of the baseline, to a scale of their own, for units differ. */
final class BarChart {

    private static final int WIDTH = 860;
    private static final int LABELS = 300;
    private static final int BARS = 400;
    private static final int TOP = 62;
    private static final int BAR = 13;

    private BarChart() {}

    static String of(Outcome outcome) {
        int height = TOP + 34;
        for (Figure figure : outcome.figures()) {
            height += rowHeight(figure);
        }
        Svg svg = new Svg(outcome.benchmark(), WIDTH, height);
        svg.text(
                "small",
                16,
                44,
                "start",
                outcome.at() + ", " + outcome.commit() + ", "
                        + outcome.machine().processors() + " processors; each row to a scale of its own");
        double y = TOP;
        for (Figure figure : outcome.figures()) {
            row(svg, figure, y);
            y += rowHeight(figure);
        }
        svg.line("axis", LABELS, TOP - 4, LABELS, y - 6);
        svg.bar(Svg.colour(0), LABELS, y + 4, 12, 10);
        svg.text("small", LABELS + 18, y + 13, "start", "ours");
        svg.bar(Svg.colour(5), LABELS + 70, y + 4, 12, 10);
        svg.text("small", LABELS + 88, y + 13, "start", "baseline");
        return svg.toString();
    }

    private static int rowHeight(Figure figure) {
        return figure.baseline() == null ? BAR + 13 : 2 * BAR + 15;
    }

    private static void row(Svg svg, Figure figure, double y) {
        Double baseline = figure.baseline();
        double most = Math.max(figure.ours(), baseline == null ? 0 : baseline);
        double scale = most > 0 ? BARS / most : 0;
        svg.text("", LABELS - 8, y + 11, "end", figure.name());
        bar(
                svg,
                Svg.colour(0),
                y,
                figure.ours(),
                scale,
                Numbers.text(figure.ours()) + " " + figure.unit() + verdict(figure));
        if (baseline != null) {
            String ratio = figure.ratio() == null ? "" : "  (ratio " + Numbers.text(figure.ratio()) + ")";
            bar(
                    svg,
                    Svg.colour(5),
                    y + BAR + 2,
                    baseline,
                    scale,
                    Numbers.text(baseline) + " " + figure.baselineName() + ratio);
        }
    }

    private static void bar(Svg svg, String colour, double y, double value, double scale, String label) {
        double width = Math.max(0, value) * scale;
        svg.bar(colour, LABELS, y, width, BAR);
        // Beside the bar; a long one leaves no room for much text.
        svg.text("small", Math.min(LABELS + width + 6, WIDTH - 150), y + 10.5, "start", label);
    }

    private static String verdict(Figure figure) {
        return figure.target() == null ? "" : "  [" + figure.target() + (figure.met() ? ": met]" : ": not met]");
    }
}
