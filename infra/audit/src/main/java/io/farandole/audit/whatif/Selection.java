package io.farandole.audit.whatif;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which history is replayed. Whatever the period, a process is replayed from its first event on, for its saga has a state; what it did before
 * the period is not compared.
 *
 * @param from the first moment that counts; null for the beginning
 * @param to the first moment that counts no more; null for the end
 * @param processKeys the processes that count; all with an event in the period if it is empty
 * @param mostProcesses at most so many are replayed, the first ones in the period
 * @param mostDifferences at most so many processes are told with their differences; the others are counted
 * @param within how long it may take, at most; then the report says how far it has come
 */
public record Selection(
        @Nullable Instant from,
        @Nullable Instant to,
        Set<String> processKeys,
        int mostProcesses,
        int mostDifferences,
        Duration within) {

    /** Everything: a million processes at most, a hundred differences, in an hour. */
    public static final Selection ALL = new Selection(null, null, Set.of(), 1_000_000, 100, Duration.ofHours(1));

    public Selection {
        processKeys = Set.copyOf(processKeys);
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("The period ends at " + to + ", not after it begins at " + from);
        }
        if (mostProcesses < 1 || mostDifferences < 1 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("At least one process and difference, and some time, is needed");
        }
    }

    /** Of a period. */
    public Selection between(@Nullable Instant begin, @Nullable Instant end) {
        return new Selection(begin, end, processKeys, mostProcesses, mostDifferences, within);
    }

    /** Of these processes only. */
    public Selection of(Set<String> keys) {
        return new Selection(from, to, keys, mostProcesses, mostDifferences, within);
    }

    /** With other bounds. */
    public Selection atMost(int processes, int differences, Duration time) {
        return new Selection(from, to, processKeys, processes, differences, time);
    }

    /** Whether a moment counts. */
    boolean contains(Instant moment) {
        return (from == null || !moment.isBefore(from)) && (to == null || moment.isBefore(to));
    }
}
