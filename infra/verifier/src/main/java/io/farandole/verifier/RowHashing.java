package io.farandole.verifier;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;

/**
 * Hashes rows on threads of its own while the caller reads the next ones, and hands out the hashes in order. Some hundred rows
 * are in memory at a time, whatever there is to read. Used by one thread.
 */
final class RowHashing implements AutoCloseable {

    private static final int ROWS = 256;
    private static final int BYTES = 1 << 20;
    private static final int AHEAD = 6;

    private final ExecutorService threads;
    private final ObjIntConsumer<RowHashes> consumer;
    private final Deque<Future<RowHashes>> ahead = new ArrayDeque<>();
    private List<StoredRow> rows = new ArrayList<>(ROWS);
    private int bytes;

    /**
     * Hashing that has not begun.
     *
     * @param consumer called by the caller's thread with some rows' prints and the index of one of them, in order
     */
    RowHashing(int threads, ObjIntConsumer<RowHashes> consumer) {
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "farandole-hashing");
            thread.setDaemon(true);
            return thread;
        });
        this.consumer = consumer;
    }

    void add(StoredRow row) throws SQLException {
        rows.add(row);
        bytes += row.size();
        if (rows.size() == ROWS || bytes > BYTES) {
            submit();
            if (ahead.size() > AHEAD) {
                take();
            }
        }
    }

    /** Hands out all that is under way. */
    void flush() throws SQLException {
        submit();
        while (!ahead.isEmpty()) {
            take();
        }
    }

    private void submit() {
        if (!rows.isEmpty()) {
            List<StoredRow> some = rows;
            ahead.add(threads.submit(() -> prints(some)));
            rows = new ArrayList<>(ROWS);
            bytes = 0;
        }
    }

    private static RowHashes prints(List<StoredRow> some) {
        RowHashes prints = new RowHashes();
        some.forEach(prints::add);
        return prints;
    }

    private void take() throws SQLException {
        RowHashes prints;
        try {
            prints = ahead.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while rows were being hashed", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A row could not be hashed", e.getCause());
        }
        for (int i = 0; i < prints.count(); i++) {
            consumer.accept(prints, i);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
