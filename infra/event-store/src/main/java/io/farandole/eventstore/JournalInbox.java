package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.List;

/**
 * The journal as inbox: a batch is one statement, and so one transaction where there is none; the unique index over
 * source and event id is the guard against duplicates, also between concurrent receivers. Thread-safe.
 */
public final class JournalInbox implements Inbox {

    private final Journal journal;

    /** An inbox that appends to this journal. */
    public JournalInbox(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Receipt append(List<Envelope> batch) {
        return journal.appendReceived(batch);
    }
}
