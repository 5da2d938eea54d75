package io.farandole.audit.whatif;

import java.time.Instant;
import java.util.List;

/**
 * An event at which two replays, or a replay and the journal, differ.
 *
 * @param position of the event in the journal
 * @param eventId its id; empty for a deadline that passed by its time alone
 * @param type registered name and version; of a deadline its name
 * @param at its time
 * @param before what only the first did, or only the journal shows, one line each
 * @param now what only the second did, one line each
 */
public record EventDifference(
        long position, String eventId, String type, Instant at, List<String> before, List<String> now) {

    public EventDifference {
        before = List.copyOf(before);
        now = List.copyOf(now);
    }
}
