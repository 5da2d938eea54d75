package io.farandole.acceptance.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Orders flow while everything is killed. Afterwards every accepted order has ended, and the checker finds nothing wrong in
 * the journals, in what the services show, and in the provider's ledger.
 */
class TheShopSurvivesIT {

    private static final int PER_FAULT = 100;
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(4);

    private static RunningShop shop;
    private static Customers customers;

    @BeforeAll
    static void open() throws Exception {
        shop = RunningShop.open();
        customers = new Customers(shop.service("order").address());
        Customers.receive(shop.service("stock").address(), Customers.PLENTY, 1_000_000);
        Customers.receive(shop.service("stock").address(), Customers.NOTHING, 1);
    }

    @AfterAll
    static void close() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void everyOrderEndsAndTheBooksBalanceWhateverIsKilled() throws Exception {
        try (Echo echo = new Echo(shop.broker(), shop.users())) {
            int first = 0;
            for (String service : List.of("order", "stock", "payment")) {
                List<Future<?>> flow = customers.order(first, PER_FAULT);
                awaitPlaced(first + PER_FAULT / 4);
                shop.service(service).killAndRestart();
                Customers.await(flow);
                first += PER_FAULT;
            }

            List<Future<?>> throughBroker = customers.order(first, PER_FAULT);
            awaitPlaced(first + PER_FAULT / 4);
            shop.rabbit().kill();
            Customers.await(throughBroker);
            shop.rabbit().restart();
            first += PER_FAULT;

            List<Future<?>> throughDatabase = customers.order(first, PER_FAULT);
            awaitPlaced(first + PER_FAULT / 4);
            shop.postgres().kill();
            shop.postgres().restart();
            Customers.await(throughDatabase);

            assertThat(customers.accepted()).hasSize(5 * PER_FAULT);
            awaitSettled();
            assertThat(echo.count()).as("messages published twice").isGreaterThan(5 * PER_FAULT);
        }
    }

    private static void awaitPlaced(int orders) {
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> customers.placed() >= orders);
    }

    private static void awaitSettled() {
        List<Violation> found = new CopyOnWriteArrayList<>();
        try {
            Awaitility.await()
                    .atMost(SETTLED_WITHIN)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> {
                        List<Violation> now = shop.violations(customers.accepted());
                        found.clear();
                        found.addAll(now);
                        return now.isEmpty();
                    });
        } finally {
            assertThat(found).isEmpty();
        }
    }
}
