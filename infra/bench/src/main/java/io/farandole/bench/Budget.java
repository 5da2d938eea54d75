package io.farandole.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** What an order may cost ({@code budget.properties}). Immutable. */
final class Budget {

    private final Properties limits;

    private Budget(Properties limits) {
        this.limits = limits;
    }

    /** The budget of this build. */
    static Budget load() {
        Properties limits = new Properties();
        try (InputStream in = Budget.class.getResourceAsStream("budget.properties")) {
            limits.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Budget(limits);
    }

    /**
     * What costs more than it may, a sentence each; empty if nothing does.
     *
     * @throws IllegalStateException if a limit is missing, or is one of nothing
     */
    List<String> exceededBy(CostOfAnOrder.Result result) {
        Map<String, Double> figures = figures(result);
        if (!limits.stringPropertyNames().equals(figures.keySet())) {
            throw new IllegalStateException("budget.properties names " + limits.stringPropertyNames()
                    + ", and counted was " + figures.keySet());
        }
        List<String> exceeded = new ArrayList<>();
        figures.forEach((name, figure) -> {
            double limit = Double.parseDouble(limits.getProperty(name));
            if (figure > limit) {
                exceeded.add(String.format(Locale.ROOT, "%s: %.2f counted, %.2f allowed", name, figure, limit));
            }
        });
        return exceeded;
    }

    private static Map<String, Double> figures(CostOfAnOrder.Result result) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("one-by-one.commits", result.oneByOne().commits());
        figures.put("one-by-one.round-trips", result.oneByOne().roundTrips());
        figures.put("one-by-one.published", result.oneByOne().published());
        figures.put("saturated.commits", result.saturated().commits());
        figures.put("saturated.round-trips", result.saturated().roundTrips());
        figures.put("saturated.published", result.saturated().published());
        figures.put("idle.commits-per-second", result.idleCommitsPerSecond());
        figures.put("idle.round-trips-per-second", result.idleRoundTripsPerSecond());
        return figures;
    }
}
