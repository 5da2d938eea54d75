package io.farandole.saga.step;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time limit that the framework keeps.
 *
 * @param duration from the beginning on; positive
 * @param deadline the name of the deadline that is scheduled for it, unique in the saga
 * @param then what follows when it passes
 */
public record TimeLimit(Duration duration, String deadline, OnTimeLimit then) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}) ?(ms|s|min|h)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "min",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1));

    public TimeLimit {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A time limit is positive, not " + duration);
        }
    }

    /**
     * The duration that a text names: a whole number and {@code ms}, {@code s}, {@code min} or {@code h}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Duration duration(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration: write a whole number above 0 and ms, s, min or h, such as '30 s'");
        }
        Duration unit = UNITS.getOrDefault(matcher.group(2), Duration.ZERO);
        return unit.multipliedBy(Integer.parseInt(matcher.group(1)));
    }

    /** As it would be declared. */
    @Override
    public String toString() {
        long millis = duration.toMillis();
        for (String unit : new String[] {"h", "min", "s"}) {
            long size = UNITS.getOrDefault(unit, Duration.ZERO).toMillis();
            if (millis % size == 0) {
                return millis / size + " " + unit;
            }
        }
        return millis + " ms";
    }
}
