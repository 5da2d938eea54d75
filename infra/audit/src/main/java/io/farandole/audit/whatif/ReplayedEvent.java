package io.farandole.audit.whatif;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a saga did at one event of its process.
 *
 * @param position of the event in the journal; that of the event before for a deadline that passed by its time alone
 * @param eventId its id
 * @param type registered name and version; of a deadline its name
 * @param at its time
 * @param byTimeAlone whether it is a deadline of which the journal knows nothing: this version has set it, and the time has come
 * @param shared whether others in the context hear the event too, so that what it has caused may be theirs
 * @param actions what the saga did, in order
 * @param failure what its handler threw; null if it did not
 */
public record ReplayedEvent(
        long position,
        String eventId,
        String type,
        Instant at,
        boolean byTimeAlone,
        boolean shared,
        List<Action> actions,
        @Nullable String failure) {

    public ReplayedEvent {
        actions = List.copyOf(actions);
    }
}
