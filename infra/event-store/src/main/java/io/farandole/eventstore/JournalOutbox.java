package io.farandole.eventstore;

import io.farandole.messaging.Outbox;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * The journal as outbox: what this context published, in the order of its journal.
 *
 * <p>The right to relay is a session advisory lock of PostgreSQL on a connection that the lease keeps for itself: it ends
 * with that session, so a crashed holder blocks nobody. Every acquisition raises a term, and a save counts for its own
 * term only, so that a holder which slept through the loss of its session cannot move the position. Thread-safe.
 */
public final class JournalOutbox implements Outbox {

    private final Journal journal;
    private final String holder;

    /** An outbox of what this journal's context published. */
    public JournalOutbox(Journal journal) {
        this(journal, ManagementFactory.getRuntimeMXBean().getName());
    }

    /**
     * The same with a name for the holder of the lease, to be read in {@code farandole.relay_position}; by default the
     * process id and host.
     */
    public JournalOutbox(Journal journal, String holder) {
        this.journal = journal;
        this.holder = holder;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The lease keeps one connection of the data source until it is closed.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be reached
     */
    @Override
    public Optional<Lease> acquire() {
        return JournalLease.acquire(journal, holder).map(lease -> lease);
    }

    @Override
    public AutoCloseable onAppend(Runnable listener) {
        return journal.onAppend(listener);
    }
}
