package io.farandole.audit.rebuild;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which processes are replayed, each from its first event to its last: all, or one, or those with own events of a type of
 * aggregate, or those with events in a period. At most one of the three.
 *
 * @param processKey one process
 * @param aggregateType as the journal names it
 * @param from events that occurred then or later
 * @param to events that occurred before
 */
public record Limit(
        @Nullable String processKey, @Nullable String aggregateType, @Nullable Instant from, @Nullable Instant to) {

    /** Everything. */
    public static final Limit NONE = new Limit(null, null, null, null);

    public Limit {
        int given =
                (processKey == null ? 0 : 1) + (aggregateType == null ? 0 : 1) + (from == null && to == null ? 0 : 1);
        if (given > 1) {
            throw new IllegalArgumentException("one limit at most: a process, a type of aggregate, or a period");
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "the period ends at " + to + ", which is not after its beginning " + from);
        }
    }

    /** Whether it leaves anything out. */
    public boolean isLimited() {
        return !equals(NONE);
    }

    /** In words; empty for everything. */
    public Optional<String> words() {
        if (processKey != null) {
            return Optional.of("process " + processKey);
        }
        if (aggregateType != null) {
            return Optional.of("processes with events of " + aggregateType);
        }
        if (from != null || to != null) {
            return Optional.of("processes with events" + (from == null ? "" : " from " + from)
                    + (to == null ? "" : " before " + to));
        }
        return Optional.empty();
    }
}
