package io.farandole.messaging;

import java.util.List;

/**
 * Where received events go. The listener knows only this port.
 *
 * <p>Guarantee: when {@link #append} returns, every event of the batch is durable exactly once, whether it came for the
 * first time or again; when it throws, none of the batch was stored, and the batch can be given again as a whole.
 * Thread-safe.
 */
public interface Inbox {

    /**
     * Appends a batch in one transaction, in the order given.
     *
     * @throws RuntimeException if the store cannot be reached: keep the deliveries unacknowledged and try again
     */
    Receipt append(List<Envelope> batch);

    /**
     * What became of a batch.
     *
     * @param appended events stored now
     * @param duplicates events that had been stored before, with the same body
     * @param conflicts ids of events whose id had been stored before with another body: the first one is kept; an alarm
     */
    record Receipt(int appended, int duplicates, List<String> conflicts) {
        public Receipt {
            conflicts = List.copyOf(conflicts);
        }
    }
}
