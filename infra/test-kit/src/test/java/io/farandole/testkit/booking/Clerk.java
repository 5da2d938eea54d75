package io.farandole.testkit.booking;

import io.farandole.messaging.command.CommandOutcome;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.RefusedCommandException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Carries bookings out, into a table that has nothing against doubles; can be held up. Thread-safe. */
public class Clerk {

    private final JdbcClient jdbc;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean held;

    Clerk(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whoever books from now on waits, with the transaction open. */
    public void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets them go on. */
    public void release() {
        lock.lock();
        try {
            held = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many seats were handled here, also in vain. */
    public int seats() {
        return calls.size();
    }

    CommandOutcome handle(Book book) throws InterruptedException {
        int call =
                calls.computeIfAbsent(book.seat(), seat -> new AtomicInteger()).incrementAndGet();
        awaitRelease();
        jdbc.sql("insert into app.booking (seat) values (?)")
                .params(book.seat())
                .update();
        if (book.refused()) {
            throw new RefusedCommandException(
                    new Refused("seat-taken", "Seat " + book.seat() + " is taken", List.of()));
        }
        if (call <= book.failures()) {
            throw new IllegalStateException("The clerk is confused");
        }
        return CommandOutcome.done(Map.of("seat", book.seat(), "call", call));
    }

    private void awaitRelease() throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(30);
        lock.lock();
        try {
            while (held && left > 0) {
                left = released.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
