package io.farandole.boot.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests that come at the same time share a transaction, as databases let commits share a flush. Thread-safe.
 *
 * <p>A request that finds fewer than {@link #PARALLEL} transactions under way leads one at once, on its own thread, with
 * whoever waits already: so a request that comes alone waits for nobody and its path is the same as without this class. The
 * others wait, and one of them leads the next transaction. So the batch is as large as the load makes it, up to a limit.
 *
 * <p>If anything in a batch fails, nothing of it has happened, and each of its requests is run by itself, on its own thread; unless
 * the failure is that of each of them ({@link Batch#concernsAll}), as where nobody knows whether the batch was committed.
 * Requests that fail often must not cost the others their work twice over: after a failed batch the limit is halved, and it
 * grows by one with each batch that commits.
 *
 * <p>How many may wait is limited too: past it, a request is refused at once rather than answered late.
 */
final class PostBatches {

    /** Two: while one waits for its commit, the other one works. */
    private static final int PARALLEL = 2;

    private final Batch batch;
    private final int largest;
    private final int waitingAtMost;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private int leading;
    private int limit;

    /**
     * Batches of up to {@code largest} requests; 1 for none.
     *
     * @param waitingAtMost how many may wait for their turn
     */
    PostBatches(Batch batch, int largest, int waitingAtMost) {
        this.batch = batch;
        this.largest = largest;
        this.waitingAtMost = waitingAtMost;
        this.limit = largest;
    }

    /** What is done with requests. */
    interface Batch {

        /**
         * Runs all of them in one transaction and fills in their answers; throws, and has done nothing, if one fails. Where that is not
         * certain, the failure concerns all.
         */
        void together(List<PostWork> works) throws Exception;

        /** Runs one by itself. */
        @Nullable Object alone(PostWork work) throws Exception;

        /** Whether a failure of a batch would be the failure of each of its requests as well. */
        boolean concernsAll(Exception failure);
    }

    private static final class Entry {
        final PostWork work;
        final Condition turn;
        boolean done;
        boolean taken;

        @Nullable Throwable failure;

        boolean alone;

        Entry(PostWork work, Condition turn) {
            this.work = work;
            this.turn = turn;
        }
    }

    /**
     * Runs a request, in a transaction of its own or with others; returns its answer when it is committed.
     *
     * @throws TooBusyException if too many are waiting; nothing was done
     */
    @Nullable Object run(PostWork work) throws Exception {
        if (largest == 1) {
            return batch.alone(work);
        }
        Entry entry = new Entry(work, lock.newCondition());
        List<Entry> led = enter(entry);
        while (led != null) {
            lead(led, entry);
            // Under the lock, so that what another thread has settled for this entry is seen.
            led = await(entry);
        }
        if (entry.failure instanceof Error error) {
            throw error;
        }
        if (entry.failure != null) {
            throw (Exception) entry.failure;
        }
        return entry.alone ? batch.alone(work) : work.answer();
    }

    /** How many wait for their turn. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Entry> enter(Entry entry) throws InterruptedException {
        lock.lock();
        try {
            if (leading >= PARALLEL && waiting.size() >= waitingAtMost) {
                throw TooBusyException.waiting(waitingAtMost);
            }
            waiting.add(entry);
            return awaitTurn(entry);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Entry> await(Entry entry) throws InterruptedException {
        lock.lock();
        try {
            return awaitTurn(entry);
        } finally {
            lock.unlock();
        }
    }

    /** The batch to lead, or null once somebody else has led this entry's. */
    private @Nullable List<Entry> awaitTurn(Entry entry) throws InterruptedException {
        try {
            while (!entry.done && (entry.taken || leading >= PARALLEL)) {
                entry.turn.await();
            }
        } catch (InterruptedException e) {
            // Taken already: somebody runs it, and writes into what this thread would leave behind. So stay to its end.
            while (entry.taken && !entry.done) {
                entry.turn.awaitUninterruptibly();
            }
            if (!entry.done) {
                waiting.remove(entry);
                // It may have been woken to lead: then somebody else has to.
                wakeNext();
                throw e;
            }
            Thread.currentThread().interrupt();
        }
        if (entry.done) {
            return null;
        }
        leading++;
        List<Entry> batchOfEntries = new ArrayList<>();
        while (batchOfEntries.size() < limit && !waiting.isEmpty()) {
            Entry next = waiting.remove();
            next.taken = true;
            batchOfEntries.add(next);
        }
        return batchOfEntries;
    }

    private void lead(List<Entry> entries, Entry own) {
        boolean committed = false;
        Throwable failure = null;
        boolean single = entries.size() == 1 && entries.get(0) == own;
        try {
            if (single) {
                own.work.answered(batch.alone(own.work));
            } else {
                List<PostWork> works = new ArrayList<>(entries.size());
                entries.forEach(entry -> works.add(entry.work));
                batch.together(works);
            }
            committed = true;
        } catch (Exception | Error e) {
            // Somebody's handler may have thrown it, on this thread: each finds out by itself.
            failure = single || (e instanceof Exception exception && batch.concernsAll(exception)) ? e : null;
        } finally {
            settle(entries, committed, failure, single);
        }
    }

    private void settle(List<Entry> entries, boolean committed, @Nullable Throwable failure, boolean single) {
        lock.lock();
        try {
            leading--;
            if (committed) {
                limit = Math.min(largest, limit + 1);
            } else if (!single) {
                limit = Math.max(1, limit / 2);
            }
            for (Entry entry : entries) {
                entry.failure = failure;
                entry.alone = !committed && failure == null;
                entry.done = true;
                entry.turn.signal();
            }
            wakeNext();
        } finally {
            lock.unlock();
        }
    }

    private void wakeNext() {
        Entry next = waiting.peek();
        if (next != null) {
            next.turn.signal();
        }
    }
}
