package io.farandole.eventstore;

import io.farandole.messaging.DutyCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest rows of the journal in memory, kept by one thread that takes each row once and tells its followers.
 *
 * <p>It sleeps until a commit of this JVM wakes it, or until the next poll. What this JVM has appended need not be read (see {@link
 * Told}), unless something else lies between; while nobody follows nothing is read at all. Polls
 * are for what other instances append, so they come soon after something that nobody in this JVM has appended, and once per
 * {@link JournalSettings#maxPoll} else.
 */
final class JournalTail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JournalTail.class);
    private static final long NUDGE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long BLOCKED_MIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long BLOCKED_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FAILURE_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int BLOCKED_LIMIT = 64;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final double BUSY_SHARE = 0.25;
    private static final Duration BURST = Duration.ofMillis(10);
    private static final Duration LONGEST_REST = Duration.ofMillis(10);

    private final DutyCycle duty = new DutyCycle(BUSY_SHARE, BURST, LONGEST_REST, System.nanoTime());
    private final Journal journal;
    private final JournalSettings settings;
    private final Set<Follower> followers = new CopyOnWriteArraySet<>();

    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition woken = waiting.newCondition();
    private final AtomicLong appendedHere = new AtomicLong();
    private List<Appended> news = new ArrayList<>();
    private long newsCharacters;
    private final Told told;
    private long missingAfter = -1;
    private long missingSince;
    private boolean othersAppend;
    private boolean lookFirst;
    private long passed;
    private long readFromElsewhere;
    private boolean wake;
    private boolean look;
    private boolean closed;
    private boolean rested = true;
    private @Nullable Thread thread;

    private final TailRows rows;
    private volatile @Nullable Throwable failure;

    JournalTail(Journal journal, JournalSettings settings) {
        this.journal = journal;
        this.settings = settings;
        this.rows = new TailRows(settings.tailRows(), settings.tailCharacters());
        this.told = new Told(settings.tailCharacters());
    }

    /** Someone to tell. */
    @FunctionalInterface
    interface Follower {

        /** New rows may be there, or what a {@link #waits waiting} follower waits for. Quick; must not throw. */
        void advanced();

        /** Whether it waits for something else than a row, and so wants to be asked again and again whether it is due. */
        default boolean waits() {
            return false;
        }

        /** Whether what it waits for may have come. */
        default boolean due() {
            return true;
        }
    }

    void follow(Follower follower) {
        followers.add(follower);
        start();
        wake();
    }

    void unfollow(Follower follower) {
        followers.remove(follower);
    }

    void start() {
        waiting.lock();
        try {
            if (thread == null && !closed) {
                Thread reader = new Thread(this::run, "journal-" + settings.context());
                reader.setDaemon(true);
                thread = reader;
                reader.start();
            }
        } finally {
            waiting.unlock();
        }
    }

    /** To be told of each commit of this JVM: what it has appended. Wakes the reader. */
    void committed(List<Appended> appends) {
        appendedHere.addAndGet(appends.stream().mapToInt(Appended::count).sum());
        int characters = appends.stream().mapToInt(Appended::characters).sum();
        waiting.lock();
        try {
            if (newsCharacters + characters <= settings.tailCharacters()) {
                news.addAll(appends);
                newsCharacters += characters;
            } else {
                look = true;
            }
            wake = true;
            woken.signal();
        } finally {
            waiting.unlock();
        }
    }

    /** Has the journal read at once, whatever is known already. */
    void wake() {
        waiting.lock();
        try {
            look = true;
            wake = true;
            woken.signal();
        } finally {
            waiting.unlock();
        }
    }

    /** The error of the last read, if it failed. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Everything up to here has been read by the tail, and settled; -1 before the first read. */
    long head() {
        return rows.head();
    }

    /**
     * Rows after a position.
     *
     * @return null if they are no longer, or not yet, in memory: read them from the journal
     */
    @Nullable List<TailRows.Slot> after(long position, int limit) {
        return rows.after(position, limit);
    }

    private void run() {
        long idle = settings.minPoll().toNanos();
        long blocked = BLOCKED_MIN_NANOS;
        long failing = settings.minPoll().toNanos();
        boolean wasBlocked = false;
        while (true) {
            long pause;
            try {
                long began = System.nanoTime();
                JournalPage page = followers.isEmpty() ? rest() : advance(wasBlocked);
                long ended = System.nanoTime();
                duty.worked(page == null ? 0 : ended - began, ended);
                failure = null;
                failing = settings.minPoll().toNanos();
                wasBlocked = page != null && page.blocked() && page.rows().isEmpty();
                if (page == null) {
                    pause = Long.MAX_VALUE;
                } else if (!page.rows().isEmpty()) {
                    othersAppend = othersHaveAppended();
                    if (othersAppend) {
                        idle = settings.minPoll().toNanos();
                    }
                    blocked = BLOCKED_MIN_NANOS;
                    pause = pauseAfter(page, idle);
                } else if (wasBlocked) {
                    pause = blocked;
                    blocked = Math.min(blocked * 2, BLOCKED_MAX_NANOS);
                } else {
                    pause = idle;
                    idle = Math.min(idle * 2, settings.maxPoll().toNanos());
                }
            } catch (RuntimeException e) {
                if (failure == null) {
                    log.warn("Cannot read the journal of {}: trying again until it works", settings.context(), e);
                }
                failure = e;
                pause = failing;
                failing = Math.min(failing * 2, FAILURE_MAX_NANOS);
            }
            // Many commits that each wake it are one page, once reading takes a quarter of the time.
            long least = Math.max(wasBlocked ? BLOCKED_MIN_NANOS : 0, pause == 0 ? 0 : duty.rest());
            if (!await(Math.max(pause, least), failure != null ? pause : least)) {
                return;
            }
        }
    }

    /**
     * What this JVM has appended since wakes the tail, so only a full page is followed by another at once. A gap behind the last row
     * may be closed by another instance, or by a rollback, of which nobody tells.
     */
    private long pauseAfter(JournalPage page, long idle) {
        if (page.rows().size() >= settings.pageSize()) {
            return 0;
        }
        if (told.isAhead(rows.head())) {
            return PATIENCE_NANOS;
        }
        return page.blocked() ? settings.minPoll().toNanos() : idle;
    }

    /**
     * Whether more rows have been read, at all, than this JVM has told of, and more so than at the last page. A row may be read
     * between its commit and being told of: then this says so in vain, once.
     */
    private boolean othersHaveAppended() {
        long before = readFromElsewhere;
        readFromElsewhere = passed - appendedHere.get();
        return readFromElsewhere > before;
    }

    private @Nullable JournalPage rest() {
        rested = true;
        takeNews();
        told.forget();
        return null;
    }

    private JournalPage advance(boolean wasBlocked) {
        if (rested) {
            rested = false;
            resume();
        }
        takeNews();
        List<JournalRow> known = told.after(rows.head());
        if (!known.isEmpty()) {
            JournalPage page =
                    new JournalPage(known, known.get(known.size() - 1).position(), false);
            pass(page);
            if (!lookFirst && (!told.isAhead(rows.head()) || mayBeToldSoon())) {
                return page;
            }
        } else if (!lookFirst && mayBeToldSoon()) {
            return new JournalPage(List.of(), rows.head(), true);
        }
        JournalPage page = journal.read(rows.head(), wasBlocked ? BLOCKED_LIMIT : settings.pageSize());
        lookFirst = false;
        if (!page.rows().isEmpty()) {
            pass(page);
        }
        return page;
    }

    /** Adds what has been committed since to what is known, and notes whether somebody wants the journal itself looked at. */
    private void takeNews() {
        waiting.lock();
        try {
            told.add(news);
            news = new ArrayList<>();
            newsCharacters = 0;
            lookFirst |= look;
            look = false;
        } finally {
            waiting.unlock();
        }
    }

    /**
     * Whether to wait for a commit of this JVM that belongs before one that is known: of several transactions that append at the
     * same time, the first one often ends last. Not where other instances append too, and not for long: it may have been
     * rolled back.
     */
    private boolean mayBeToldSoon() {
        if (othersAppend || !told.isMissing(rows.head())) {
            return false;
        }
        long now = System.nanoTime();
        if (missingAfter != rows.head()) {
            missingAfter = rows.head();
            missingSince = now;
        }
        return now - missingSince < PATIENCE_NANOS;
    }

    private void pass(JournalPage page) {
        passed += page.rows().size();
        rows.keep(page);
        tell(false);
    }

    /**
     * After a rest, or at first: begins at the end. Any visible position will do, settled or not: whoever follows from
     * before it reads up to it by himself, as safely.
     */
    private void resume() {
        long newest = journal.newest();
        if (rows.head() < 0 || newest - rows.head() > settings.tailRows()) {
            rows.beginAt(newest);
            tell(false);
        }
    }

    private void tell(boolean onlyWaiting) {
        for (Follower follower : followers) {
            if (!onlyWaiting || (follower.waits() && follower.due())) {
                try {
                    follower.advanced();
                } catch (RuntimeException e) {
                    log.error("A follower of the journal of {} failed; it will be called again", settings.context(), e);
                }
            }
        }
    }

    /**
     * Waits until woken or until it is time to read again, and calls waiting followers meanwhile.
     *
     * @param leastNanos what a wake-up may not cut short
     * @return false when closed
     */
    private boolean await(long pauseNanos, long leastNanos) {
        long start = System.nanoTime();
        while (true) {
            boolean nudge = followers.stream().anyMatch(Follower::waits);
            waiting.lock();
            try {
                if (closed) {
                    return false;
                }
                long left = (wake ? Math.min(leastNanos, pauseNanos) : pauseNanos) - (System.nanoTime() - start);
                if (left <= 0) {
                    wake = false;
                    return true;
                }
                woken.awaitNanos(nudge ? Math.min(left, NUDGE_NANOS) : left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                waiting.unlock();
            }
            if (nudge) {
                tell(true);
            }
        }
    }

    @Override
    public void close() {
        Thread reader;
        waiting.lock();
        try {
            closed = true;
            reader = thread;
            woken.signal();
        } finally {
            waiting.unlock();
        }
        if (reader != null && reader != Thread.currentThread()) {
            try {
                reader.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
