package io.farandole.audit.report;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A stretch of time.
 *
 * @param from its first moment
 * @param to the first moment after it
 */
public record Period(Instant from, Instant to) {

    /** @throws IllegalArgumentException if it does not end after it begins */
    public Period {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("A period ends after it begins: " + from + " is not before " + to);
        }
    }

    OffsetDateTime first() {
        return from.atOffset(ZoneOffset.UTC);
    }

    OffsetDateTime end() {
        return to.atOffset(ZoneOffset.UTC);
    }
}
