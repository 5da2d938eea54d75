package io.farandole.cli;

import org.jspecify.annotations.Nullable;

/**
 * Something in which two contexts do not agree.
 *
 * @param kind what is wrong
 * @param position in the producer's journal; null if it is not about one event
 * @param eventId of the event; null if it is not about one
 * @param type its wire type; null if it is not about one
 * @param processKey of its process; null if it is not about one
 * @param detail a sentence
 */
record ExchangeDifference(
        Kind kind,
        @Nullable Long position,
        @Nullable String eventId,
        @Nullable String type,
        @Nullable String processKey,
        String detail) {

    /** What can be wrong, and what to do about it. */
    enum Kind {
        /** Lost on the way. */
        MISSING(
                "look for it in the follower's queues <follower>.unhandled and <follower>.inbox.dlq first; if it is in neither, a binding was"
                        + " missing when it was published: have it sent again (`farandole backfill --context <producer> --to <follower>`)"),
        /** Not there yet, and should be. */
        OVERDUE("see whether the follower's listener runs, and how many messages <follower>.inbox holds"),
        /** None of a followed type has come. */
        NEVER_HEARD(
                "see whether the follower's queue is bound to the type (the producer's health tells), and send what it lacks"),
        /** The producer does not know it. */
        UNKNOWN(
                "the producer's database has lost it (was there a failover to a standby that lagged?), or somebody else published it: decide"
                        + " with the process's timeline which side is right; it is not mended by sending"),
        /** Not the same on both sides. */
        CHANGED("verify both journals (`farandole verify`): one of them was altered, or an id was used twice"),
        /** Received in another order than published. */
        OVERTAKEN("compare the process's timeline with what its saga did; the order in a journal cannot be mended"),
        /** Committed, and not published. */
        UNSENT("see the producer's health: its relay says what it waits for");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    static ExchangeDifference of(Kind kind, Witness.Event event, String detail) {
        return new ExchangeDifference(
                kind, event.position(), event.eventId(), event.type(), event.processKey(), detail);
    }

    static ExchangeDifference of(Kind kind, String detail) {
        return new ExchangeDifference(kind, null, null, null, null, detail);
    }
}
