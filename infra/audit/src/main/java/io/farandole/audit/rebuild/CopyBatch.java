package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.EventReplay.Count;
import io.farandole.eventstore.JournalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Replays some events into the copy, in one transaction with the position that they end at. Thread-safe. */
final class CopyBatch {

    private static final Logger log = LoggerFactory.getLogger(CopyBatch.class);
    private static final int ATTEMPTS = 10;

    private final RebuildParts parts;
    private final Rebuild rebuild;
    private final CopyTables copy;
    private final EventReplay replay;
    private final WrittenTables written;

    CopyBatch(RebuildParts parts, Rebuild rebuild, ReadModelParts model, CopyTables copy) {
        this.parts = parts;
        this.rebuild = rebuild;
        this.copy = copy;
        this.replay = new EventReplay(parts.engine(), parts.types(), model.handlers());
        this.written = new WrittenTables(parts.jdbc(), rebuild.id(), model.shapes());
    }

    /**
     * Replays a thread's share of a page.
     *
     * @param from where the part is
     * @param to where it is then
     */
    Count replay(int part, List<JournalRow> rows, long from, long to) {
        TransactionTemplate transaction = new TransactionTemplate(parts.transactions());
        for (int attempt = 1; ; attempt++) {
            try {
                return Objects.requireNonNull(transaction.execute(status -> {
                    Count count = rows.isEmpty() ? Count.NONE : within(rows, LivePositions.OF_COMMANDS, false, status);
                    if (!parts.table().advance(rebuild.id(), part, from, to)) {
                        throw new TakenOverException();
                    }
                    return count;
                }));
            } catch (RuntimeException | Error e) {
                SqlFailure kind = SqlFailure.of(e);
                if (kind == SqlFailure.CONFLICT && attempt < ATTEMPTS) {
                    log.debug("Rebuild {} repeats {} events after a conflict", rebuild.id(), rows.size(), e);
                } else if (kind == SqlFailure.DEFECT && !(e instanceof TakenOverException)) {
                    throw blamed(rows, e);
                } else {
                    throw e;
                }
            }
        }
    }

    /** The copy is not where this instance has left it. */
    static final class TakenOverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TakenOverException() {
            super("Another instance has taken the rebuild over, or PostgreSQL has crashed and emptied the copy");
        }
    }

    /** In the current transaction: the handlers meet the copy and nothing else, or it is refused. */
    Count within(List<JournalRow> rows, LivePositions live, boolean liveLocked, TransactionStatus status) {
        copy.meet();
        Replaying replaying = Replaying.begin();
        try {
            Count count = replay.replay(rows, live, replaying);
            // What JPA still holds back is part of what the handlers did.
            status.flush();
            written.check(replaying, liveLocked);
            return count;
        } finally {
            Replaying.end();
        }
    }

    /** Finds the event to blame, by handling them one by one, in a transaction that is rolled back. */
    RuntimeException blamed(List<JournalRow> rows, Throwable failure) {
        TransactionTemplate transaction = new TransactionTemplate(parts.transactions());
        Optional<RuntimeException> blamed = transaction.execute(status -> {
            status.setRollbackOnly();
            return firstFailure(rows, status);
        });
        return blamed != null && blamed.isPresent()
                ? blamed.get()
                : failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }

    private Optional<RuntimeException> firstFailure(List<JournalRow> rows, TransactionStatus status) {
        List<JournalRow> one = new ArrayList<>(1);
        for (JournalRow row : rows) {
            one.clear();
            one.add(row);
            try {
                within(one, LivePositions.OF_COMMANDS, false, status);
            } catch (RefusedException | TakenOverException e) {
                return Optional.of(e);
            } catch (RuntimeException | Error e) {
                log.warn("Rebuild {} failed at event {}", rebuild.id(), row.eventId(), e);
                return Optional.of(new RefusedException(
                        "Handling event " + row.eventId() + " (" + row.payloadType() + ".v" + row.payloadVersion()
                                + ", process " + row.processKey() + ") at position " + row.position() + " failed with "
                                + root(e) + ": correct the handler, and start again",
                        e));
            }
        }
        return Optional.empty();
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
