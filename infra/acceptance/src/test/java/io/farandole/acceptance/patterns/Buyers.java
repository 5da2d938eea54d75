package io.farandole.acceptance.patterns;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * People who all want one piece of the same product at the same moment. Who gets no answer, or is asked to come back, asks again under the same key,
 * so nobody has two orders.
 */
final class Buyers {

    private static final int AT_ONCE = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** What a buyer is like. */
    record Buyer(String name, boolean pays, boolean waits) {

        String token() {
            return pays ? "tok_ok" : "tok_declined";
        }

        String waitUpTo() {
            return waits ? "PT10M" : "";
        }
    }

    private final Shopper shopper;
    private final List<Buyer> all;
    private final Map<String, Buyer> byOrder = new ConcurrentHashMap<>();

    private Buyers(Shopper shopper, List<Buyer> all) {
        this.shopper = shopper;
        this.all = all;
    }

    /** So many buyers, of whom a third cannot pay and one in five does not wait, as chance has it. */
    static Buyers of(URI orders, String product, int count, Random random) {
        List<Buyer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Buyer("b-" + i, random.nextInt(3) != 0, random.nextInt(5) != 0));
        }
        return new Buyers(new Shopper(orders, product), all);
    }

    /** Everybody orders; the future ends when all orders are accepted. */
    Future<?> order() {
        ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<?>> orders = new ArrayList<>();
        for (Buyer buyer : all) {
            orders.add(crowd.submit(() -> {
                byOrder.put(place(buyer), buyer);
                return null;
            }));
        }
        crowd.shutdown();
        ExecutorService watch = Executors.newSingleThreadExecutor();
        Future<?> accepted = watch.submit(() -> {
            awaitAll(orders);
            return null;
        });
        watch.shutdown();
        return accepted;
    }

    /** Everybody orders at a till, which sends the orders through a queue, one in ten of them twice; returns when all are answered. */
    void orderAt(Till till) throws IOException, InterruptedException, TimeoutException {
        Map<String, Buyer> byCommand = new HashMap<>();
        for (Buyer buyer : all) {
            String id = "sale-" + buyer.name();
            byCommand.put(id, buyer);
            String body = shopper.body(buyer.name(), buyer.token(), buyer.waitUpTo());
            for (int i = byCommand.size() % 10 == 0 ? 2 : 1; i > 0; i--) {
                till.order(id, body);
            }
        }
        till.awaitConfirms();
        await("each order is answered").until(() -> till.answers().keySet().containsAll(byCommand.keySet()));
        byCommand.forEach((id, buyer) -> {
            JsonNode answer = Objects.requireNonNull(till.answers().get(id));
            assertThat(answer.path("outcome").asString("")).as("%s", answer).isEqualTo("done");
            byOrder.put(answer.path("result").path("orderId").asString(""), buyer);
        });
        assertThat(byOrder).as("nobody has two orders, or somebody else's").hasSameSizeAs(all);
    }

    private static void awaitAll(List<Future<?>> orders)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<?> order : orders) {
            order.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** How many orders have been accepted by now. */
    int accepted() {
        return byOrder.size();
    }

    /** Who placed which order. */
    Map<String, Buyer> byOrder() {
        return Map.copyOf(byOrder);
    }

    private String place(Buyer buyer) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        while (System.nanoTime() < giveUp) {
            try {
                HttpResponse<String> answer = shopper.ask(buyer.name(), buyer.token(), buyer.waitUpTo());
                if (answer.statusCode() == 202) {
                    return shopper.idIn(answer);
                }
                last = answer.statusCode() + ": " + answer.body();
                if (answer.statusCode() < 500 && answer.statusCode() != 409) {
                    throw new IllegalStateException("The order of " + buyer.name() + " was answered " + last);
                }
            } catch (IOException e) {
                last = e.toString();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        throw new IllegalStateException(
                "The order of " + buyer.name() + " was not accepted within " + PATIENCE + ", but answered " + last);
    }
}
