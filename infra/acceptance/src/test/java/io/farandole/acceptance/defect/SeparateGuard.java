package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An inbox with a guard against duplicates of its own, the table {@code app.seen}: what it has seen is dropped. Written in the
 * transaction of the append, that is right; written before it, in another one, it takes for a duplicate what was never stored.
 */
final class SeparateGuard implements Inbox {

    /** What the guard is kept in, for an administrator to create. */
    static final String TABLE =
            "create table app.seen (source text, event_id text, primary key (source, event_id)); grant all on app.seen to public";

    private final Inbox inbox;
    private final JdbcTemplate jdbc;
    private final @Nullable TransactionTemplate together;
    private final Gate beforeAppend;

    /**
     * @param together the transaction for both; null leaves the guard in one of its own
     * @param beforeAppend everybody passes it when the guard is written, right before the append
     */
    SeparateGuard(Inbox inbox, JdbcTemplate jdbc, @Nullable TransactionTemplate together, Gate beforeAppend) {
        this.inbox = inbox;
        this.jdbc = jdbc;
        this.together = together;
        this.beforeAppend = beforeAppend;
    }

    @Override
    public Receipt append(List<Envelope> batch) {
        Receipt receipt = together == null ? store(batch) : together.execute(status -> store(batch));
        if (receipt == null) {
            throw new IllegalStateException("The transaction has told nothing");
        }
        return receipt;
    }

    private Receipt store(List<Envelope> batch) {
        List<Envelope> unseen = new ArrayList<>();
        for (Envelope event : batch) {
            int inserted = jdbc.update(
                    "insert into app.seen values (?, ?) on conflict do nothing", event.source(), event.id());
            if (inserted == 1) {
                unseen.add(event);
            }
        }
        beforeAppend.pass();
        Receipt receipt = inbox.append(unseen);
        int duplicates = batch.size() - unseen.size() + receipt.duplicates();
        return new Receipt(receipt.appended(), duplicates, receipt.conflicts());
    }
}
