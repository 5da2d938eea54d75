package io.farandole.bench;

import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of which payload is appended.
 *
 * @param mostEvents events at most
 * @param mostBytes bytes of all payloads together at most
 */
record PayloadPlan(int mostEvents, long mostBytes) {

    /** Events of a transaction at most. */
    static final int BATCH = 64;

    /** Payload bytes of a transaction at most, unless one event alone has more. */
    static final int BATCH_BYTES = 1 << 20;

    /** How many events of such a payload there are; one at least. */
    int events(int payloadBytes) {
        return (int) Math.max(1, Math.min(mostEvents, mostBytes / payloadBytes));
    }

    /** How many of them a transaction takes at most; one at least. */
    static int batch(int payloadBytes) {
        return Math.max(1, Math.min(BATCH, BATCH_BYTES / payloadBytes));
    }

    /** New events, by transaction. */
    List<List<JournalEntry>> batches(Rows rows, EventType type, int payloadBytes) {
        List<List<JournalEntry>> batches = new ArrayList<>();
        int left = events(payloadBytes);
        while (left > 0) {
            List<JournalEntry> batch = new ArrayList<>();
            for (int i = Math.min(left, batch(payloadBytes)); i > 0; i--) {
                batch.add(rows.next(type, payloadBytes));
            }
            left -= batch.size();
            batches.add(batch);
        }
        return batches;
    }
}
