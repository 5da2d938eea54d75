package io.farandole.messaging;

import java.util.List;
import java.util.Optional;

/**
 * Where the events to publish come from. The relay knows only this port. Thread-safe.
 */
public interface Outbox {

    /**
     * Takes the exclusive right to relay, across all instances of the context. It ends with {@link Lease#close} or with
     * the holder's database session, whichever comes first.
     *
     * @return the lease; empty while another instance holds it
     */
    Optional<Lease> acquire();

    /**
     * Calls back, from any thread and possibly more often than needed, soon after events were appended in this JVM. Events
     * of other JVMs do not call: poll as well.
     *
     * @return closes the registration
     */
    AutoCloseable onAppend(Runnable listener);

    /** The exclusive right to relay. Used by one thread at a time. */
    interface Lease extends AutoCloseable {

        /** The position up to which everything has been confirmed, as last saved; 0 at first. */
        long position();

        /**
         * Reads published events after a position, in order; committed ones only, and never past a position that a live
         * transaction may still fill.
         *
         * @param limit at most so many events; 1 or more
         * @throws RuntimeException if the store cannot be reached
         */
        Batch read(long after, int limit);

        /**
         * Saves the position up to which everything has been confirmed. Saving late is safe (events are published again,
         * under the same id); saving early loses events.
         *
         * @throws IllegalStateException if the lease has been lost
         */
        void save(long position);

        /** Whether everything that there will ever be to relay under this lease has been saved; never, as a rule. Then it can be given back. */
        default boolean isDone() {
            return false;
        }

        /** Gives the right back. */
        @Override
        void close();
    }

    /**
     * Events to publish.
     *
     * @param events in order of their {@link Envelope#sequence}, which is their position
     * @param upTo everything up to this position has been looked at: where no event is left to confirm, it may be saved
     */
    record Batch(List<Envelope> events, long upTo) {
        public Batch {
            events = List.copyOf(events);
        }
    }
}
