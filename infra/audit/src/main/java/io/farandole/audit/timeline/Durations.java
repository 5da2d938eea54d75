package io.farandole.audit.timeline;

import java.time.Duration;
import java.util.Locale;

/** Durations for people: three figures, and a unit that fits. */
final class Durations {

    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Durations() {}

    static String text(Duration duration) {
        long micros = duration.toNanos() / 1_000;
        if (micros < 0) {
            return "-" + text(duration.negated());
        }
        if (micros < 1_000) {
            return micros + " µs";
        }
        if (micros < SECOND) {
            return String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1_000.0);
        }
        if (micros < MINUTE) {
            return String.format(Locale.ROOT, micros < 10 * SECOND ? "%.2f s" : "%.1f s", micros / (double) SECOND);
        }
        if (micros < HOUR) {
            return micros / MINUTE + " min " + micros % MINUTE / SECOND + " s";
        }
        return micros < DAY
                ? micros / HOUR + " h " + micros % HOUR / MINUTE + " min"
                : micros / DAY + " d " + micros % DAY / HOUR + " h";
    }
}
