package io.farandole.messaging.command;

import java.util.List;

/**
 * Where received commands go. The listener for commands knows only this port. Thread-safe.
 *
 * <p>Guarantee: when {@link #store} returns, every command of the batch is durable under its sender and id, once, and whatever
 * can be answered at once (a refusal, a repetition of what was answered) has its reply queued; when it throws, nothing of the batch
 * is, and it can be given again as a whole.
 */
public interface CommandInbox {

    /**
     * Stores a batch in one transaction, in the order given.
     *
     * @throws RuntimeException if the store cannot be reached: keep the deliveries unacknowledged and try again
     */
    Receipt store(List<ReceivedCommand> batch);

    /**
     * What became of a batch.
     *
     * @param accepted stored, to be carried out
     * @param refused stored with their refusal
     * @param duplicates known before, with the same content
     * @param reused ids known before with other content
     */
    record Receipt(int accepted, int refused, int duplicates, int reused) {}
}
