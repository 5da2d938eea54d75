package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.DemoOrder.Customer;
import io.farandole.acceptance.demo.DemoOrder.Line;
import io.farandole.acceptance.demo.Shop.OrderState;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Many want one of a few pieces at the same moment. Every third of them cannot pay, and what was held for them goes to others; every
 * fifth does not wait. Expected: all pieces are sold to people who paid, everybody is told how it ended, and the books balance.
 */
final class FlashSale implements Demo.Story {

    private static final int BUYERS = 200;
    private static final long PIECES = 10;
    private static final int AT_ONCE = 32;
    private static final int NO_MONEY = 3;
    private static final int NO_TIME = 5;
    private static final String CONFIRMED = "CONFIRMED";
    private static final Duration WAITS_UP_TO = Duration.ofMinutes(5);
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Set<String> REFUSALS = Set.of("declined", "sold-out", "insufficient-stock");

    private final Shop shop;
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final String product = "sale-" + run;

    FlashSale(Demo.Addresses addresses) {
        this.shop = new Shop(
                addresses.of("order"), addresses.of("stock"), addresses.of("payment"), addresses.of("provider"));
    }

    @Override
    public boolean play() throws IOException, InterruptedException, ExecutionException {
        Clerk.patiently(() -> {
            shop.receive(product, PIECES, run);
            return product;
        });
        System.out.printf(
                "%n  %d buyers want one of %d pieces. Every third cannot pay, every fifth does not wait.%n",
                BUYERS, PIECES);
        long start = System.nanoTime();
        List<String> ids = placeAll();
        System.out.printf("  %d orders accepted within %d ms%n", ids.size(), millisSince(start));
        Set<String> waited = new HashSet<>();
        Map<String, OrderState> ends = awaitEnds(ids, waited);
        System.out.printf(
                "  all ended %d ms after the first; %d were seen waiting%n%n", millisSince(start), waited.size());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            OrderState end = ends.getOrDefault(ids.get(i), new OrderState("", "", ""));
            outcomes.add(new Outcome(order(i), ids.get(i), end.status(), end.reason(), Duration.ZERO, problem(i, end)));
        }
        boolean asExpected = told(outcomes);
        return new Bookkeeper(shop).balance(outcomes, Map.of(product, PIECES)) && asExpected;
    }

    private DemoOrder order(int buyer) {
        String token = buyer % NO_MONEY == 0 ? "tok_declined" : "tok_ok";
        return new DemoOrder(
                "buyer " + buyer,
                token,
                Customer.WAITS,
                CONFIRMED,
                "",
                List.of(new Line(product, 1, new BigDecimal("9.90"))));
    }

    private List<String> placeAll() throws InterruptedException, ExecutionException {
        ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<String>> placed = new ArrayList<>();
            for (int i = 0; i < BUYERS; i++) {
                String body = i % NO_TIME == 0 ? order(i).json() : order(i).json(WAITS_UP_TO);
                String key = run + "-" + i;
                placed.add(crowd.submit(() -> Clerk.patiently(() -> shop.place(body, key))));
            }
            List<String> ids = new ArrayList<>();
            for (Future<String> one : placed) {
                ids.add(one.get());
            }
            return ids;
        } finally {
            crowd.shutdownNow();
        }
    }

    /** What has not ended by then is not in it. */
    private Map<String, OrderState> awaitEnds(List<String> ids, Set<String> waited)
            throws IOException, InterruptedException {
        Map<String, OrderState> ends = new LinkedHashMap<>();
        long start = System.nanoTime();
        while (ends.size() < ids.size() && System.nanoTime() - start < ENDED_WITHIN.toNanos()) {
            for (String id : ids) {
                if (ends.containsKey(id)) {
                    continue;
                }
                OrderState state = Clerk.patiently(() -> shop.order(id));
                if (!state.waitingUntil().isEmpty()) {
                    waited.add(id);
                }
                if (!state.status().equals("PENDING")) {
                    ends.put(id, state);
                }
            }
            Clerk.pause(POLL_NANOS);
        }
        return ends;
    }

    private static String problem(int buyer, OrderState end) {
        if (end.status().isEmpty()) {
            return "has not ended within " + ENDED_WITHIN.toSeconds() + " s";
        }
        if (end.status().equals(CONFIRMED)) {
            return buyer % NO_MONEY == 0 ? "has got a piece without paying" : "";
        }
        return REFUSALS.contains(end.reason()) ? "" : "is " + end.status() + " for another reason: " + end.reason();
    }

    private static boolean told(List<Outcome> outcomes) {
        Map<String, Integer> ends = new TreeMap<>();
        outcomes.forEach(
                one -> ends.merge(one.status().equals(CONFIRMED) ? "confirmed" : one.reason(), 1, Integer::sum));
        ends.forEach((end, buyers) -> System.out.printf("  %-20s %5d%n", end, buyers));
        int declined = ends.getOrDefault("declined", 0);
        System.out.printf("  %d times a piece was not paid for, and went to somebody else%n", declined);
        outcomes.stream()
                .filter(one -> !one.asExpected())
                .forEach(one -> System.out.println(
                        "  NOT " + one.order().what() + " (" + one.orderId() + ") " + one.problem()));
        boolean sold = ends.getOrDefault("confirmed", 0) == PIECES;
        if (!sold) {
            System.out.println("  NOT all pieces were sold");
        }
        return sold && outcomes.stream().allMatch(Outcome::asExpected);
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
