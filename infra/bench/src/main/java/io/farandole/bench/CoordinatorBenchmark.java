package io.farandole.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/** The creation of an order by both roads, in turn in one shop: danced, and conducted by a coordinator. */
final class CoordinatorBenchmark implements Benchmark {

    private static final int PRODUCTS = 100;
    private static final int IN_FLIGHT = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 500_000;

    /** The two roads, with what the order's journal has when the customer may be told that it is a sale. */
    private enum Road {
        DANCED("choreography", "/orders", "order.confirmed", "order.fulfilled"),
        CONDUCTED("coordinator", "/coordinated-orders", "order.goods-sold", "order.goods-sold");

        private final String text;
        private final String path;
        private final String sale;
        private final String end;

        Road(String text, String path, String sale, String end) {
            this.text = text;
            this.path = path;
            this.sale = sale;
            this.end = end;
        }
    }

    /** What is measured of each road. */
    private enum What {
        MEDIAN("p50 to the sale, one by one", "ms"),
        SLOW("p99 to the sale, one by one", "ms"),
        THROUGHPUT("with " + IN_FLIGHT + " in flight", "orders/s"),
        COMMITS("commits, one by one", "per order"),
        ROUND_TRIPS("round trips to the databases, one by one", "per order"),
        MESSAGES("messages, one by one", "per order"),
        CALLS("HTTP calls between the contexts, one by one", "per order");

        private final String text;
        private final String unit;

        What(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final AtomicInteger number = new AtomicInteger();

    @Override
    public String name() {
        return "coordinator";
    }

    @Override
    public String about() {
        return "the creation of an order, danced and conducted by a coordinator over HTTP: latency, throughput, commits, round trips, hops";
    }

    @Override
    public boolean isLeftOutWhenAllAreQuick() {
        return true;
    }

    @Override
    public Outcome run(Settings settings) throws Exception {
        Outcome.Builder outcome = Outcome.of(name());
        Medians medians = new Medians();
        try (ShopOnTheBench shop = ShopOnTheBench.withCoordinator(settings)) {
            Orders.fillShelves(shop.address("stock"), PRODUCTS);
            for (Road road : Road.values()) {
                many(shop, road, settings.choose(60, 600));
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Road road : Road.values()) {
                    measure(shop, road, medians, settings, round);
                }
            }
        }
        for (What what : What.values()) {
            double danced = medians.of(Road.DANCED + what.name());
            outcome.figure(Figure.of(
                            Road.CONDUCTED.text + ": " + what.text, what.unit, medians.of(Road.CONDUCTED + what.name()))
                    .against(Road.DANCED.text, danced));
        }
        outcome.held("after each phase: no process, outside call or parked process left");
        outcome.remark(
                "the sale: order.confirmed (authorised, captured after it) danced, order.goods-sold (captured, sold) conducted");
        outcome.remark("a charge is asked for again until the provider has answered: those calls are counted");
        if (settings.quick()) {
            outcome.remark(Settings.FIRST_COMPILER);
        }
        return outcome.build();
    }

    private void measure(ShopOnTheBench shop, Road road, Medians medians, Settings settings, int round)
            throws Exception {
        shop.settle();
        int alone = settings.choose(20, 200);
        List<Double> millis = new ArrayList<>();
        Counts before = counts(shop);
        for (int i = 0; i < alone; i++) {
            long start = System.nanoTime();
            String orderId = place(shop, road);
            await(shop, orderId, road.sale);
            millis.add((System.nanoTime() - start) / 1e6);
            await(shop, orderId, road.end);
        }
        shop.settle();
        Counts after = counts(shop);
        double perSecond = many(shop, road, settings.choose(100, 2_000));
        List<Double> sorted = millis.stream().sorted().toList();
        medians.note(road + What.MEDIAN.name(), sorted.get(sorted.size() / 2));
        medians.note(road + What.SLOW.name(), sorted.get(sorted.size() * 99 / 100));
        medians.note(road + What.THROUGHPUT.name(), perSecond);
        medians.note(road + What.COMMITS.name(), (double) (after.commits - before.commits) / alone);
        medians.note(road + What.ROUND_TRIPS.name(), (double) (after.roundTrips - before.roundTrips) / alone);
        medians.note(road + What.MESSAGES.name(), (double) (after.messages - before.messages) / alone);
        medians.note(road + What.CALLS.name(), (double) (after.calls - before.calls) / alone);
        settings.say(
                "round %d  %-12s p50 %6.1f ms, p99 %6.1f ms, %6.1f orders/s, %5.1f commits, %5.1f round trips, %4.1f messages, %4.1f calls",
                round,
                road.text,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                perSecond,
                (double) (after.commits - before.commits) / alone,
                (double) (after.roundTrips - before.roundTrips) / alone,
                (double) (after.messages - before.messages) / alone,
                (double) (after.calls - before.calls) / alone);
    }

    /** Orders of one road, so many without a sale at a time; per second. */
    private double many(ShopOnTheBench shop, Road road, int orders) throws Exception {
        long before = sales(shop, road);
        long start = System.nanoTime();
        int placed = 0;
        long sold = 0;
        while (sold < orders) {
            while (placed < orders && placed - sold < IN_FLIGHT) {
                place(shop, road);
                placed++;
            }
            sold = sales(shop, road) - before;
            requirePatience(start, road + ": " + sold + " of " + orders + " sold");
            LockSupport.parkNanos(LOOK_NANOS);
        }
        double perSecond = orders * 1e9 / (System.nanoTime() - start);
        shop.settle();
        return perSecond;
    }

    private String place(ShopOnTheBench shop, Road road) throws IOException, InterruptedException {
        URI address = shop.address("order").resolve(road.path);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body(number.getAndIncrement())))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(address + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return json.readTree(answer.body()).path("orderId").asString("");
    }

    private static String body(int number) {
        return "{\"customerId\":\"c-" + number + "\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-"
                + number % PRODUCTS + "\",\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]}";
    }

    private static void await(ShopOnTheBench shop, String orderId, String type) throws SQLException {
        long start = System.nanoTime();
        try (PreparedStatement look = shop.records()
                .connection("order")
                .prepareStatement(
                        "select count(*) from farandole.journal where own and process_key = ? and payload_type = ?")) {
            look.setString(1, orderId);
            look.setString(2, type);
            while (number(look) == 0) {
                requirePatience(start, "Order " + orderId + " has no " + type);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static long sales(ShopOnTheBench shop, Road road) throws SQLException {
        try (PreparedStatement look = shop.records()
                .connection("order")
                .prepareStatement("select count(*) from farandole.journal where own and payload_type = ?")) {
            look.setString(1, road.sale);
            return number(look);
        }
    }

    private static void requirePatience(long start, String what) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new IllegalStateException("Not in time: " + what);
        }
    }

    private static long number(PreparedStatement look) throws SQLException {
        try (ResultSet rows = look.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private record Counts(long commits, long roundTrips, long messages, long calls) {}

    private static Counts counts(ShopOnTheBench shop) throws SQLException {
        try (PreparedStatement calls = shop.records()
                .connection("order")
                .prepareStatement("select coalesce(sum(attempts), 0) from farandole.outside_call"
                        + " where starts_with(kind, 'coordinated-')")) {
            return new Counts(
                    shop.records().commits(), shop.roundTrips(), shop.records().published(), number(calls));
        }
    }
}
