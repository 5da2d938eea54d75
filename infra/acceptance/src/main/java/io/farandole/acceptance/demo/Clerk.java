package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.Shop.OrderState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Carries out one order of the demo from its first request to its end. Thread-safe. */
final class Clerk {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A request that may be repeated under the same idempotency key. */
    interface Request<T> {
        T send() throws IOException, InterruptedException;
    }

    private final Shop shop;

    Clerk(Shop shop) {
        this.shop = shop;
    }

    /** @param key the idempotency key, which is the customer's, not the order's */
    Outcome carryOut(DemoOrder order, String key) throws InterruptedException {
        long start = System.nanoTime();
        String orderId = "";
        OrderState state = new OrderState("", "", "");
        String problem = "";
        try {
            orderId = patiently(() -> shop.place(order, key));
            String placed = orderId;
            switch (order.customer()) {
                case ASKS_TWICE -> {
                    String again = patiently(() -> shop.place(order, key));
                    if (!again.equals(placed)) {
                        problem = "the same order, sent again, became order " + again;
                    }
                }
                case CANCELS -> cancel(placed, key);
                case RETURNS -> {
                    await(placed, "CONFIRMED", "", start);
                    cancel(placed, key);
                }
                case WAITS -> {}
            }
            state = await(orderId, order.status(), order.reason(), start);
        } catch (IOException failed) {
            problem = String.valueOf(failed.getMessage());
        }
        return outcome(order, orderId, state, start, problem);
    }

    /** What becomes of an order that somebody else has placed. */
    Outcome await(DemoOrder order, String orderId) throws IOException, InterruptedException {
        long start = System.nanoTime();
        return outcome(order, orderId, await(orderId, order.status(), order.reason(), start), start, "");
    }

    private static Outcome outcome(DemoOrder order, String orderId, OrderState state, long start, String known) {
        String problem = known.isEmpty() && !ended(state, order.status(), order.reason())
                ? "expected " + order.status() + " " + order.reason() + " within " + PATIENCE.toSeconds() + " s"
                : known;
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Outcome(order, orderId, state.status(), state.reason(), took, problem);
    }

    /** Repeats what fails for want of an answer, as a service that is being started again leaves it, for a while. */
    static <T> T patiently(Request<T> request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                return request.send();
            } catch (IOException failed) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw failed;
                }
                pause(RETRY_NANOS);
            }
        }
    }

    private void cancel(String orderId, String key) throws IOException, InterruptedException {
        patiently(() -> {
            shop.cancel(orderId, key + "-cancel");
            return orderId;
        });
    }

    /** Answers the state as soon as it is the expected one, or as it is when patience ends. */
    private OrderState await(String orderId, String status, String reason, long start)
            throws IOException, InterruptedException {
        OrderState state = patiently(() -> shop.order(orderId));
        while (!ended(state, status, reason) && System.nanoTime() - start < PATIENCE.toNanos()) {
            pause(POLL_NANOS);
            state = patiently(() -> shop.order(orderId));
        }
        return state;
    }

    private static boolean ended(OrderState state, String status, String reason) {
        return state.status().equals(status)
                && (reason.isEmpty() || state.reason().equals(reason));
    }

    static void pause(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
