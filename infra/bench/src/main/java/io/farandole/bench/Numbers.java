package io.farandole.bench;

import java.util.Locale;

/** How numbers are written: as many digits as say something. */
final class Numbers {

    private Numbers() {}

    static String text(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "-";
        }
        if (value == Math.rint(value) && size < 1_000) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
    }

    /** With k, M or G, for the ends of an axis. */
    static String brief(double value) {
        double size = Math.abs(value);
        if (size >= 1e9) {
            return text(value / 1e9) + "G";
        }
        if (size >= 1e6) {
            return text(value / 1e6) + "M";
        }
        return size >= 1e4 ? text(value / 1e3) + "k" : text(value);
    }
}
