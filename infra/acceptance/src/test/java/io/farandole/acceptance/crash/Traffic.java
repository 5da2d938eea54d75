package io.farandole.acceptance.crash;

import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Customers who order until the shop closes, whoever is dead meanwhile. */
final class Traffic implements AutoCloseable {

    private static final int CUSTOMERS = 2;
    private static final int REGRETTED_LATER = 4;
    private static final Duration BETWEEN_ORDERS = Duration.ofMillis(300);

    private final Customers customers;
    private final Story story;
    private final AtomicInteger number = new AtomicInteger();
    private final BlockingQueue<String> regretted = new LinkedBlockingQueue<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(CUSTOMERS);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean open = true;

    /** Starts at once. */
    Traffic(RunningShop shop, Customers customers, Story story) throws IOException, InterruptedException {
        this.customers = customers;
        this.story = story;
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.address("stock"), Customers.NOTHING, 1);
        Customers.receive(shop.address("stock"), Poison.PRODUCT, 1_000_000);
        for (int i = 0; i < CUSTOMERS; i++) {
            running.add(pool.submit(() -> {
                buy();
                return null;
            }));
        }
    }

    private void buy() throws InterruptedException {
        while (open) {
            int mine = number.incrementAndGet();
            Story.Wish wish = story.wish(mine);
            String orderId = customers.place(mine, wish.paymentToken(), wish.product());
            if (wish.regretted()) {
                regretted.add(orderId);
            }
            if (regretted.size() > REGRETTED_LATER) {
                regret(regretted.take());
            }
            LockSupport.parkNanos(BETWEEN_ORDERS.toNanos());
        }
    }

    private void regret(String orderId) throws InterruptedException {
        try {
            customers.cancel(orderId);
        } catch (IOException e) {
            // Heard or not, it comes to one end; which one is not this customer's concern.
            regretted.add(orderId);
        }
    }

    /** From now on nobody orders any more; returns when the last order is accepted, and throws if one never was. */
    void end() throws ExecutionException, InterruptedException, TimeoutException {
        open = false;
        for (Future<?> each : running) {
            each.get(6, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        open = false;
        pool.shutdownNow();
    }
}
