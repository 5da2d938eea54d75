package io.farandole.acceptance.chaos;

import io.farandole.acceptance.shop.Customers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Customers who order until they are told to stop, each again and again until the order is accepted; of nine one changes their mind
 * while the order is on its way or done: a cancellation that races the confirmation, or a return. Thread-safe.
 */
final class Crowd {

    private static final int PEOPLE = 6;
    private static final int CHANGES_MIND = 9;
    private static final int LONGEST_PAUSE_MILLIS = 900;
    private static final int LONGEST_DOUBT_MILLIS = 1_500;

    private final Customers customers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final List<String> failures = new ArrayList<>();
    private final List<Thread> people = new ArrayList<>();
    private volatile boolean goHome;

    Crowd(Customers customers, long seed) {
        this.customers = customers;
        for (int i = 0; i < PEOPLE; i++) {
            Random random = new Random(seed + i);
            people.add(new Thread(() -> order(random), "chaos-customer-" + i));
        }
    }

    void start() {
        people.forEach(Thread::start);
    }

    /** Nobody orders any more; returns when what is being ordered is accepted. */
    void goHome() throws InterruptedException {
        goHome = true;
        for (Thread person : people) {
            person.join();
        }
    }

    Customers customers() {
        return customers;
    }

    /** How many were cancelled or returned, and answered so. */
    int cancelled() {
        return cancelled.get();
    }

    /** What a customer cannot accept, such as a 4xx, or an order that was not accepted within minutes. */
    List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    private void order(Random random) {
        try {
            while (!goHome) {
                int number = next.getAndIncrement();
                String orderId = customers.place(number);
                if (number % CHANGES_MIND == CHANGES_MIND / 2) {
                    pause(random, LONGEST_DOUBT_MILLIS);
                    cancel(orderId);
                }
                pause(random, LONGEST_PAUSE_MILLIS);
            }
        } catch (IllegalStateException e) {
            synchronized (failures) {
                failures.add(String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(String orderId) throws InterruptedException {
        try {
            if (customers.cancel(orderId) == 202) {
                cancelled.incrementAndGet();
            }
        } catch (IOException unanswered) {
            // Heard or not: the order ends either way, and the checker sees that its end is one end.
        }
    }

    private static void pause(Random random, int longestMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(longestMillis)));
    }
}
