package io.farandole.acceptance.chaos;

import java.util.List;
import java.util.Locale;

/**
 * How a run went.
 *
 * @param seed its seed
 * @param seconds how long customers ordered
 * @param strikes faults that happened
 * @param skipped faults that could not be made to happen, because another one was in the way
 * @param accepted orders that were accepted
 * @param askedAgain requests that had to be sent again
 * @param cancelled orders that were cancelled or returned by their customers
 * @param doubled messages that were published a second time
 * @param poisoned messages that were no events
 * @param startedAgain starts of services after the first ones
 * @param settledAfterSeconds how long it took from the last fault's end until everything had ended and the books balanced; -1 if
 *     that was not seen
 * @param problems what must never be; empty if the run passed
 */
record Verdict(
        long seed,
        long seconds,
        int strikes,
        int skipped,
        int accepted,
        int askedAgain,
        int cancelled,
        int doubled,
        int poisoned,
        int startedAgain,
        long settledAfterSeconds,
        List<String> problems) {

    boolean passed() {
        return problems.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "seed %d, %d s: %d faults (%d more could not strike), %d starts again; %d orders accepted (%d requests sent again,"
                        + " %d cancelled or returned by their customers), %d messages doubled, %d poisoned; ",
                seed,
                seconds,
                strikes,
                skipped,
                startedAgain,
                accepted,
                askedAgain,
                cancelled,
                doubled,
                poisoned));
        if (passed()) {
            text.append("all ended and balanced ")
                    .append(settledAfterSeconds)
                    .append(" s after the last fault. PASSED");
        } else {
            text.append(problems.size()).append(" problems. FAILED");
            problems.forEach(
                    problem -> text.append(System.lineSeparator()).append("  ").append(problem));
        }
        return text.toString();
    }
}
