package io.farandole.acceptance.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * One fault of a schedule.
 *
 * @param at when, from the beginning; later, if the one before it in its lane has taken longer to heal
 * @param fault what happens
 * @param target to whom, such as {@code stock-2}, {@code order}, {@code payment-2 to the broker}; empty where there is no choice
 * @param lasts how long
 * @param detail a further number that the fault may need
 */
record Strike(Duration at, Fault fault, String target, Duration lasts, int detail) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%02d:%02d  %s%s%s",
                at.toSeconds() / 60,
                at.toSeconds() % 60,
                fault.text(),
                target.isEmpty() ? "" : " " + target,
                lasts.isZero() ? "" : String.format(Locale.ROOT, " for %.1f s", lasts.toMillis() / 1000.0));
    }
}
