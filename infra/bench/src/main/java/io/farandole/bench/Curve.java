package io.farandole.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How something grows with something else.
 *
 * @param name what is shown; distinct within an outcome
 * @param xLabel what is on the axis to the right, with its unit
 * @param yLabel what is on the axis upwards, with its unit
 * @param logX whether the axis to the right is logarithmic; its values must be above 0 then
 * @param logY whether the axis upwards is logarithmic; its values must be above 0 then
 * @param series lines by their names, in the order of the legend
 */
public record Curve(
        String name, String xLabel, String yLabel, boolean logX, boolean logY, Map<String, List<Point>> series) {

    /** Copies the series, points in the order of their x. */
    public Curve {
        Map<String, List<Point>> copy = new LinkedHashMap<>();
        series.forEach((line, points) -> {
            List<Point> sorted = new ArrayList<>(points);
            sorted.sort(Comparator.comparingDouble(Point::x));
            copy.put(line, List.copyOf(sorted));
        });
        series = Collections.unmodifiableMap(copy);
    }

    /** Both axes linear, no line yet. */
    public static Curve of(String name, String xLabel, String yLabel) {
        return new Curve(name, xLabel, yLabel, false, false, Map.of());
    }

    /** The same with a logarithmic axis to the right. */
    public Curve withLogX() {
        return new Curve(name, xLabel, yLabel, true, logY, series);
    }

    /** The same with a logarithmic axis upwards. */
    public Curve withLogY() {
        return new Curve(name, xLabel, yLabel, logX, true, series);
    }

    /** The same with one more line. */
    public Curve with(String line, List<Point> points) {
        Map<String, List<Point>> more = new LinkedHashMap<>(series);
        more.put(line, points);
        return new Curve(name, xLabel, yLabel, logX, logY, more);
    }
}
