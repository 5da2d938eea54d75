package io.farandole.acceptance.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.patterns.TwoRoads.End;
import io.farandole.acceptance.patterns.TwoRoads.Placed;
import io.farandole.acceptance.patterns.TwoRoads.Road;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same orders by both roads through the same stock and payment: conducted by a coordinator, and danced. They end alike, in good
 * times and in bad; what stands still meanwhile differs, and is told in the guide.
 */
class CoordinatorAgainstChoreographyIT {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorAgainstChoreographyIT.class);
    private static final List<String> POINTS =
            List.of("order.coordination-begun", "order.goods-held", "order.charge-taken", "order.charge-refused");

    private static TwoRoads roads;

    @BeforeAll
    static void opens() throws Exception {
        roads = new TwoRoads();
    }

    @AfterAll
    static void closes() {
        if (roads != null) {
            roads.close();
        }
    }

    @AfterEach
    void theBooksBalance() {
        roads.assertBooksBalance();
    }

    private record Expected(String token, String product, String status, String reason) {}

    @Test
    void endAlike() throws Exception {
        List<Expected> kinds = List.of(
                new Expected("tok_ok", "p-1", "CONFIRMED", ""),
                new Expected("tok_flaky", "p-1", "CONFIRMED", ""),
                new Expected("tok_declined", "p-1", "CANCELLED", "declined"),
                new Expected("tok_capture_fails", "p-1", "CANCELLED", "capture-failed"),
                new Expected("tok_down", "p-1", "CANCELLED", "provider-unavailable"),
                new Expected("tok_ok", "p-scarce", "CANCELLED", "insufficient-stock"),
                new Expected("tok_ok", "p-nobody-knows", "CANCELLED", "unknown-product"));
        Map<Placed, Expected> placed = new LinkedHashMap<>();
        for (Expected kind : kinds) {
            for (Road road : Road.values()) {
                placed.put(roads.place(road, kind.token(), kind.product(), 2), kind);
            }
        }
        for (Map.Entry<Placed, Expected> order : placed.entrySet()) {
            Expected kind = order.getValue();
            assertThat(roads.end(order.getKey()))
                    .as("%s of %s", kind, order.getKey().road())
                    .isEqualTo(new End(kind.status(), kind.reason(), true));
        }
    }

    /** Stock and payment tell of it, as they tell of every order; nobody dances to it. */
    @Test
    void whatIsConductedIsNotDancedTo() throws Exception {
        Placed placed = roads.place(Road.COORDINATED, "tok_ok");
        roads.end(placed);
        roads.awaitEvent("order", placed, "payment.payment-captured.v1");
        roads.awaitEvent("stock", placed, "payment.payment-captured.v1");
        assertThat(roads.count(
                        "order",
                        "select count(*) from farandole.journal where own and process_key = ? and wire_type is not null",
                        placed.orderId()))
                .as("published by order")
                .isZero();
        assertThat(roads.has("payment", placed, "stock.stock-reserved.v1")).isFalse();
        assertThat(roads.count("order", "select count(*) from app.order_status where order_id = ?", placed.orderId()))
                .isZero();
        Placed danced = roads.place(Road.CHOREOGRAPHED, "tok_ok");
        roads.end(danced);
    }

    @Test
    void aKilledCoordinatorGoesOnWhereItWas() throws Exception {
        String drawn = POINTS.get(ThreadLocalRandom.current().nextInt(POINTS.size()));
        LOG.info("Killed at {}", drawn);
        killAt(drawn);
    }

    @Tag("slow")
    @ParameterizedTest
    @FieldSource("POINTS")
    void aKilledCoordinatorGoesOnFromEveryPoint(String reached) throws Exception {
        killAt(reached);
    }

    /** As soon as an order of many has got so far; the others are anywhere. */
    private static void killAt(String reached) throws Exception {
        List<Placed> orders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            orders.add(roads.place(Road.COORDINATED, i % 2 == 0 ? "tok_ok" : "tok_declined"));
        }
        Patience.await().pollInterval(Duration.ofMillis(5)).until(() -> {
            for (Placed placed : orders) {
                if (roads.has("order", placed, reached)) {
                    return true;
                }
            }
            return false;
        });
        roads.shop().service("order").killAndRestart();
        roads.shop().service("order").awaitReady();
        for (int i = 0; i < orders.size(); i++) {
            End end = roads.end(orders.get(i));
            assertThat(end.status()).as(end.toString()).isEqualTo(i % 2 == 0 ? "CONFIRMED" : "CANCELLED");
        }
    }

    /** The coordinator needs no broker; who dances waits for it. */
    @Test
    void withoutTheBrokerOnlyTheCoordinatorGoesOn() throws Exception {
        roads.shop().rabbit().kill();
        Placed danced = roads.place(Road.CHOREOGRAPHED, "tok_ok");
        Placed conducted = roads.place(Road.COORDINATED, "tok_ok");
        assertThat(roads.end(conducted).status()).isEqualTo("CONFIRMED");
        assertThat(roads.now(danced).status()).isEqualTo("PENDING");
        roads.shop().rabbit().restart();
        assertThat(roads.end(danced).status()).isEqualTo("CONFIRMED");
    }

    /** Both take orders, and finish them when it is back; what is known until then differs in nothing but who waits. */
    @ParameterizedTest
    @ValueSource(strings = {"stock", "payment"})
    void withAParticipantAwayBothTakeOrdersAndFinishThemLater(String participant) throws Exception {
        roads.shop().service(participant).kill();
        Placed danced = roads.place(Road.CHOREOGRAPHED, "tok_ok");
        Placed conducted = roads.place(Road.COORDINATED, "tok_ok");
        if (participant.equals("payment")) {
            roads.awaitEvent("stock", danced, "stock.stock-reserved.v1");
            roads.awaitEvent("order", conducted, "order.goods-held");
        }
        assertThat(roads.now(danced).status()).isEqualTo("PENDING");
        assertThat(roads.now(conducted).status()).isEqualTo("PENDING");
        roads.shop().service(participant).start();
        roads.shop().service(participant).awaitReady();
        assertThat(roads.end(danced).status()).isEqualTo("CONFIRMED");
        assertThat(roads.end(conducted).status()).isEqualTo("CONFIRMED");
    }

    /** Stock and payment dance on while the order service is dead; what is conducted stands still. */
    @Test
    void withTheOrderServiceAwayOnlyTheDanceGoesOn() throws Exception {
        roads.shop().service("stock").kill();
        Placed danced = roads.place(Road.CHOREOGRAPHED, "tok_ok");
        Placed conducted = roads.place(Road.COORDINATED, "tok_ok");
        Patience.await().until(() -> roads.waitingFor("stock") > 0);
        roads.shop().service("order").kill();
        roads.shop().service("stock").start();
        roads.shop().service("stock").awaitReady();
        roads.awaitEvent("payment", danced, "payment.payment-authorized.v1");
        assertThat(roads.status("stock", "/reservations/" + conducted.orderId()))
                .isEqualTo(404);
        assertThat(roads.status("payment", "/charges/" + conducted.orderId())).isEqualTo(404);
        roads.shop().service("order").start();
        roads.shop().service("order").awaitReady();
        assertThat(roads.end(danced).status()).isEqualTo("CONFIRMED");
        assertThat(roads.end(conducted).status()).isEqualTo("CONFIRMED");
    }
}
