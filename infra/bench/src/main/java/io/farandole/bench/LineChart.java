package io.farandole.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A curve: axes with their ends and marks, a line per series, a legend. */
final class LineChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 740;
    private static final int TOP = 60;
    private static final int BOTTOM = 330;

    private LineChart() {}

    static String of(Curve curve, Outcome outcome) {
        Svg svg = new Svg(outcome.benchmark() + ": " + curve.name(), WIDTH, HEIGHT);
        svg.text(
                "small",
                16,
                44,
                "start",
                outcome.at() + ", " + outcome.commit() + ", "
                        + outcome.machine().processors() + " processors");
        Axis x = Axis.of(curve, curve.logX(), Point::x, LEFT, RIGHT);
        Axis y = Axis.of(curve, curve.logY(), Point::y, BOTTOM, TOP);
        for (double mark : x.marks()) {
            svg.line("grid", x.at(mark), TOP, x.at(mark), BOTTOM);
            svg.text("small", x.at(mark), BOTTOM + 16, "middle", Numbers.brief(mark));
        }
        for (double mark : y.marks()) {
            svg.line("grid", LEFT, y.at(mark), RIGHT, y.at(mark));
            svg.text("small", LEFT - 6, y.at(mark) + 4, "end", Numbers.brief(mark));
        }
        svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        svg.line("axis", LEFT, TOP, LEFT, BOTTOM);
        svg.text("", (LEFT + RIGHT) / 2.0, BOTTOM + 36, "middle", curve.xLabel() + (curve.logX() ? " (log)" : ""));
        svg.upright(22, (TOP + BOTTOM) / 2.0, curve.yLabel() + (curve.logY() ? " (log)" : ""));
        int colour = 0;
        double legend = LEFT;
        double legendY = BOTTOM + 60;
        for (Map.Entry<String, List<Point>> series : curve.series().entrySet()) {
            String styleClass = Svg.colour(colour++);
            StringBuilder points = new StringBuilder();
            for (Point point : series.getValue()) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.x()), y.at(point.y())));
                svg.dot(styleClass, x.at(point.x()), y.at(point.y()));
            }
            svg.path(styleClass, points.toString().stripTrailing());
            double space = 34 + 7.0 * series.getKey().length();
            if (legend + space > RIGHT) {
                legend = LEFT;
                legendY += 18;
            }
            svg.bar(styleClass, legend, legendY - 9, 12, 10);
            svg.text("", legend + 18, legendY, "start", series.getKey());
            legend += space;
        }
        return svg.toString();
    }

    /**
     * @param low value at the beginning of the axis
     * @param high value at its end
     * @param from where it begins
     * @param to where it ends
     */
    private record Axis(boolean log, double low, double high, double from, double to) {

        static Axis of(Curve curve, boolean log, ToDoubleFunction<Point> value, double from, double to) {
            double[] values = curve.series().values().stream()
                    .flatMap(List::stream)
                    .mapToDouble(value)
                    .toArray();
            double least = Arrays.stream(values).min().orElse(log ? 1 : 0);
            double most = Arrays.stream(values).max().orElse(1);
            if (!log) {
                double low = Math.min(0, least);
                double step = step(most - low);
                return new Axis(false, low, Math.max(low + step, Math.ceil(most / step) * step), from, to);
            }
            if (least <= 0) {
                throw new IllegalArgumentException(
                        "The curve " + curve.name() + " has a logarithmic axis and the value " + least);
            }
            double low = Math.floor(Math.log10(least));
            return new Axis(true, low, Math.max(low + 1, Math.ceil(Math.log10(most))), from, to);
        }

        private static double step(double range) {
            double rough = Math.max(range, Double.MIN_NORMAL) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double digit = rough / power;
            return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        }

        double at(double value) {
            double place = log ? Math.log10(value) : value;
            return from + (to - from) * (place - low) / (high - low);
        }

        List<Double> marks() {
            List<Double> marks = new ArrayList<>();
            double step = log ? 1 : step(high - low);
            for (double place = low; place <= high + step / 1e6; place += step) {
                marks.add(log ? Math.pow(10, place) : Math.rint(place / step) * step);
            }
            return marks;
        }
    }
}
