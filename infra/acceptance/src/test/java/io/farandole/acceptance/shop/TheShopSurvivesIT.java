package io.farandole.acceptance.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.Patience;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Orders flow while everything is killed. Afterwards every accepted order has ended, and the checker finds nothing wrong in
 * the journals, in what the services show, and in the provider's ledger.
 *
 * <p>A seed decides the order of the faults and the moments at which they strike. It is another one in every build and is named
 * in the test's name and in the log; {@code -Dfarandole.acceptance.seed=4711} repeats one, and {@code
 * -Dfarandole.acceptance.runs=20} makes as many runs with seeds that follow it, each on servers of its own.
 */
class TheShopSurvivesIT {

    private static final Logger LOG = LoggerFactory.getLogger(TheShopSurvivesIT.class);
    private static final int PER_FAULT = 100;
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(4);
    private static final Duration BROKER_AWAY = Duration.ofMinutes(3);
    private static final Duration BETWEEN_ORDERS = Duration.ofMillis(500);

    private RunningShop shop;
    private Customers customers;

    @SuppressWarnings("NullAway.Init") // open() fills the fields before each test
    TheShopSurvivesIT() {}

    static LongStream seeds() {
        long first = Long.getLong("farandole.acceptance.seed", System.nanoTime() & 0xffffff);
        return LongStream.range(first, first + Integer.getInteger("farandole.acceptance.runs", 1));
    }

    @BeforeEach
    void open() throws Exception {
        shop = RunningShop.open(RunningShop.Layout.QUICK);
        customers = new Customers(shop.service("order").address());
        Customers.receive(shop.service("stock").address(), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.service("stock").address(), Customers.NOTHING, 1);
    }

    @AfterEach
    void close() {
        if (shop != null) {
            shop.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyOrderEndsAndTheBooksBalanceWhateverIsKilled(long seed) throws Exception {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>(List.of(
                new Fault("order is killed", flow -> shop.service("order").killAndRestart()),
                new Fault("stock is killed", flow -> shop.service("stock").killAndRestart()),
                new Fault("payment is killed", flow -> shop.service("payment").killAndRestart()),
                new Fault("RabbitMQ is killed, and comes back when all orders are taken", this::killBroker),
                new Fault("PostgreSQL is killed", flow -> killDatabase())));
        Collections.shuffle(faults, random);
        try (Echo echo = new Echo(shop.broker(), shop.users())) {
            for (int i = 0; i < faults.size(); i++) {
                int strikesAfter = 5 + random.nextInt(PER_FAULT - 10);
                LOG.info(
                        "Seed {}: {} after {} of {} orders", seed, faults.get(i).name(), strikesAfter, PER_FAULT);
                List<Future<?>> flow = customers.order(i * PER_FAULT, PER_FAULT);
                awaitPlaced(i * PER_FAULT + strikesAfter);
                faults.get(i).strike().during(flow);
                Customers.await(flow);
            }
            assertThat(customers.accepted()).hasSize(faults.size() * PER_FAULT);
            Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
            assertThat(echo.count()).as("messages published twice").isGreaterThan(faults.size() * PER_FAULT);
        }
        LOG.info("Seed {}: settled", seed);
        everyContextTellsHowAnOrderEnded();
    }

    /** And one that is away is named. */
    private void everyContextTellsHowAnOrderEnded() throws Exception {
        String orderId = customers.accepted().iterator().next();
        JsonNode status = customers.status(orderId);
        assertThat(status.at("/missing").isEmpty()).as("%s", status).isTrue();
        assertThat(status.at("/awaited").isEmpty()).as("%s", status).isTrue();
        assertThat(status.at("/contexts").valueStream().map(it -> it.path("context")
                        .asString()))
                .containsExactly("order", "payment", "stock");
        shop.service("stock").kill();
        JsonNode without = customers.status(orderId);
        assertThat(without.at("/missing/0/context").asString()).isEqualTo("stock");
        assertThat(without.at("/missing/0/reason").asString()).isEqualTo("cannot be reached");
        assertThat(without.at("/contexts").size()).isEqualTo(2);
    }

    private void killBroker(List<Future<?>> flow) throws Exception {
        shop.rabbit().kill();
        Customers.await(flow);
        shop.rabbit().restart();
    }

    /** While it is away, a client is told so before it loses patience. */
    private void killDatabase() throws Exception {
        shop.postgres().kill();
        for (HttpResponse<String> refused : List.of(customers.askForOrders(), customers.orderOnce())) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
        shop.postgres().restart();
    }

    @Test
    @Tag("slow")
    void ordersAreTakenWhileTheBrokerIsAwayForMinutesAndCatchUp() throws Exception {
        Customers.await(customers.order(0, 50));
        shop.rabbit().kill();
        int placed = 50;
        long back = System.nanoTime() + BROKER_AWAY.toNanos();
        while (System.nanoTime() < back) {
            Customers.await(customers.order(placed, 1));
            placed++;
            LockSupport.parkNanos(BETWEEN_ORDERS.toNanos());
        }
        assertThat(customers.askedAgain())
                .as("orders that were not accepted at first asking")
                .isZero();
        shop.rabbit().restart();
        Customers.await(customers.order(placed, 50));
        assertThat(customers.accepted()).hasSize(placed + 50);
        Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
    }

    private void awaitPlaced(int orders) {
        Patience.await().until(() -> customers.placed() >= orders);
    }

    /** Something that happens to the shop. */
    private record Fault(String name, Strike strike) {}

    /** Makes it happen while the orders flow; returns when what was killed runs again. */
    private interface Strike {
        void during(List<Future<?>> flow) throws Exception;
    }
}
