package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** An inbox that says that a batch is stored, and stores it then: its listener acknowledges before the commit. */
final class HastyInbox implements Inbox {

    private final Inbox inbox;
    private final Gate beforeAppend;
    private final boolean hasty;
    private final Executor later = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "hasty-inbox");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param beforeAppend everybody passes it right before the append
     * @param hasty false leaves it an inbox as any other
     */
    HastyInbox(Inbox inbox, Gate beforeAppend, boolean hasty) {
        this.inbox = inbox;
        this.beforeAppend = beforeAppend;
        this.hasty = hasty;
    }

    @Override
    public Receipt append(List<Envelope> batch) {
        if (hasty) {
            CompletableFuture<Receipt> unused = CompletableFuture.supplyAsync(() -> store(batch), later);
            return new Receipt(batch.size(), 0, List.of());
        }
        return store(batch);
    }

    private Receipt store(List<Envelope> batch) {
        beforeAppend.pass();
        return inbox.append(batch);
    }
}
