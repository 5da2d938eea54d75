package io.farandole.messaging.command;

import java.util.Collection;
import java.util.List;

/** Answers on their way to their senders. The publisher of replies knows only this port. Thread-safe. */
public interface Replies {

    /**
     * Takes queued replies, oldest first, so that no other instance takes them for a while. What is not {@link #settled} within that
     * time is handed out again: replies are sent at least once, under the same id.
     *
     * @param limit at most so many; 1 or more
     * @throws RuntimeException if the store cannot be reached
     */
    List<Reply> take(int limit);

    /** Forgets replies that the broker has confirmed or has no queue for; the answers themselves are kept. */
    void settled(Collection<Long> positions);

    /** Hands replies back that could not be sent now. */
    void giveBack(Collection<Long> positions);

    /**
     * Calls back, from any thread and possibly more often than needed, soon after replies were queued in this JVM.
     *
     * @return closes the registration
     */
    Registration onQueued(Runnable listener);

    /** Ends calling back. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
