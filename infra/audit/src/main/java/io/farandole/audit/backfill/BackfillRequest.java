package io.farandole.audit.backfill;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent, to whom and why.
 *
 * @param follower a context that is declared to follow something of this one
 * @param types wire types that it follows; empty for all of them
 * @param from what occurred then or later; null for everything
 * @param to what occurred before; null for all that there is now
 * @param rate at most so many events a second; null for as fast as it goes
 * @param by who asks
 * @param reason why
 */
public record BackfillRequest(
        String follower,
        List<String> types,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Integer rate,
        String by,
        String reason) {

    public BackfillRequest {
        types = List.copyOf(types);
        if (rate != null && rate < 1) {
            throw new IllegalArgumentException("a rate is 1 event a second or more");
        }
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("who asks, and why, is recorded");
        }
    }
}
