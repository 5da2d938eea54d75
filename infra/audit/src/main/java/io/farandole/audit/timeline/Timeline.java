package io.farandole.audit.timeline;

import io.farandole.saga.status.ProcessStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a process, over all contexts that were asked.
 *
 * <p>The order is causal: no event comes before the one that caused it, nor before what its context had done or heard earlier;
 * where neither decides, the clocks do. See {@link CausalOrder}.
 *
 * @param processKey of the process
 * @param events in causal order
 * @param standing where it stands in each context that knows of it: steps and their attempts, what is awaited, what is set aside
 * @param missing the contexts that gave no answer
 * @param cut the contexts whose history was too long to be told whole
 * @param related the keys of other processes of the same conversations
 */
public record Timeline(
        String processKey,
        List<Entry> events,
        List<ProcessStatus> standing,
        List<Missing> missing,
        List<String> cut,
        List<String> related) {

    public Timeline {
        events = List.copyOf(events);
        standing = List.copyOf(standing);
        missing = List.copyOf(missing);
        cut = List.copyOf(cut);
        related = List.copyOf(related);
    }

    /** Whether anybody who was asked knows of the process. */
    public boolean isKnown() {
        return !events.isEmpty() || standing.stream().anyMatch(ProcessStatus::isKnown);
    }

    /**
     * An event, and who heard of it.
     *
     * @param context that made it
     * @param eventId unique together with the context
     * @param type of the stored form, or, where only those who heard it have answered, of the received one
     * @param version of that form
     * @param publishedAs the name and version under which others may know it; null if it is private
     * @param aggregate that made it, as type, id and sequence number; null if none did or if its context has not answered
     * @param command that made it; null if none did, or if its context has not answered
     * @param cause the id of the event that caused it, as far as that is among these events; else null
     * @param depth how many causes are behind it: 0 for one with which something begins
     * @param occurredAt by the clock of its context
     * @param afterCause from the cause to it; null without one; negative where clocks differ
     * @param heard by whom, in the order in which they did
     */
    public record Entry(
            String context,
            String eventId,
            String type,
            int version,
            @Nullable String publishedAs,
            @Nullable Aggregate aggregate,
            @Nullable String command,
            @Nullable String cause,
            int depth,
            Instant occurredAt,
            @Nullable Duration afterCause,
            List<Heard> heard) {

        public Entry {
            heard = List.copyOf(heard);
        }
    }

    /** The aggregate that made an event, and the event's number among its events, from 0. */
    public record Aggregate(@Nullable String type, String id, long sequence) {}

    /**
     * A context that received an event.
     *
     * @param position in its journal
     * @param at when it was stored there, by that database's clock
     * @param after from the event to that; negative where clocks differ
     */
    public record Heard(String context, long position, Instant at, Duration after) {}

    /**
     * A context that gave no answer.
     *
     * @param reason why, without addresses
     */
    public record Missing(String context, String reason) {}
}
