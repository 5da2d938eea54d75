package io.farandole.acceptance.patterns;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.patterns.Buyers.Buyer;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A flash sale: thousands want one of a hundred pieces at the same moment, and their orders come through a queue; some who get one cannot pay, and what they held goes to those who wait, in the
 * order of their coming. At the end all pieces are sold, none twice, and each buyer has been told.
 *
 * <p>Who pays, who waits and when a service dies is drawn from a seed, another one in every build; {@code -Dfarandole.acceptance.seed=4711} repeats one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlashSaleIT {

    private static final Logger LOG = LoggerFactory.getLogger(FlashSaleIT.class);
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(5);
    private static final Set<String> REASONS = Set.of("insufficient-stock", "sold-out", "declined");

    private final long seed = Long.getLong("farandole.acceptance.seed", System.nanoTime() & 0xffffff);
    private final Random random = new Random(seed);
    private RunningShop shop;

    @SuppressWarnings("NullAway.Init") // open() fills the field before the tests
    FlashSaleIT() {}

    @BeforeAll
    void open() throws Exception {
        LOG.info("Seed {}", seed);
        shop = RunningShop.open(RunningShop.Layout.QUICK);
    }

    @AfterAll
    void close() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void whoeverWaitsCanSeeItAndGetsWhatACancelledOrderHeld() throws Exception {
        Customers.receive(shop.address("stock"), "p-one", 1);
        Customers buyers = new Customers(shop.address("order"));
        shop.provider().pause();
        try {
            Shopper first = new Shopper(shop.address("order"), "p-one");
            String holder = first.order("holder", "tok_ok", "");
            await().until(() -> first.step(holder, "stock", "hold").equals("PENDING"));
            String waits = first.order("waits", "tok_ok", "PT10M");
            await().until(() -> first.field(waits, "waitingUntil") != null);
            assertThat(first.field(waits, "status")).isEqualTo("PENDING");
            assertThat(first.step(waits, "stock", "wait")).isEqualTo("PENDING");
            String leaves = first.order("leaves", "tok_ok", "PT10M");
            String runsOut = first.order("runs-out", "tok_ok", "PT3S");
            await().until(() -> first.field(leaves, "waitingUntil") != null);
            assertThat(buyers.cancel(leaves)).isEqualTo(202);
            await().until(() -> "waited-too-long".equals(first.field(runsOut, "reason")));

            assertThat(buyers.cancel(holder)).isEqualTo(202);

            await().until(() -> first.step(waits, "stock", "wait").equals("SUCCEEDED"));
            await().until(() -> first.field(waits, "waitingUntil") == null);
            assertThat(first.field(waits, "status")).isEqualTo("PENDING");
        } finally {
            shop.provider().resume();
        }
        awaitEnd(4);
        assertThat(row(
                        "stock",
                        "select available, reserved, sold from app.product_stock where product_id = ?",
                        "p-one"))
                .containsExactly("0", "0", "1");
    }

    @Test
    void fiveThousandBuyAHundredPiecesAndAfterwardsSixHundredBuyFortyWhileStockIsKilled() throws Exception {
        try (ToldOnTheWire told = new ToldOnTheWire(shop.broker());
                Till till = new Till(shop.broker())) {
            Buyers crowd = sale("p-sale", 5_000, 100);
            long start = System.nanoTime();
            crowd.orderAt(till);
            long accepted = System.nanoTime();
            awaitEnd(crowd.accepted());
            LOG.info(
                    "5,000 orders were accepted within {} ms, all ended {} ms after the first",
                    TimeUnit.NANOSECONDS.toMillis(accepted - start),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            everyPieceIsSoldAndEverybodyTold("p-sale", 100, crowd, told);
            piecesWentToThoseWhoWaitedLongest("p-sale");
            nobodyLookedWithoutReason("p-sale");

            Buyers again = sale("p-again", 600, 40);
            int strikesAfter = 100 + random.nextInt(400);
            Future<?> orders = again.order();
            await().atMost(ENDED_WITHIN).until(() -> again.accepted() >= strikesAfter);
            LOG.info("stock is killed after {} of 600 orders", strikesAfter);
            shop.service("stock").killAndRestart();
            orders.get(ENDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            awaitEnd(again.accepted());
            everyPieceIsSoldAndEverybodyTold("p-again", 40, again, told);
            piecesWentToThoseWhoWaitedLongest("p-again");

            List<String> ids = new ArrayList<>(crowd.byOrder().keySet());
            ids.addAll(again.byOrder().keySet());
            assertThat(shop.violations(Set.copyOf(ids))).isEmpty();
        }
    }

    private Buyers sale(String product, int buyers, int pieces) throws Exception {
        Customers.receive(shop.address("stock"), product, pieces);
        return Buyers.of(shop.address("order"), product, buyers, random);
    }

    private void awaitEnd(int orders) {
        await("each order has ended in every context")
                .atMost(ENDED_WITHIN)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> count("order", "select count(*) from app.order_status where closed_at is null") == 0
                        && count("order", "select count(*) from app.order_status") >= orders
                        && openSagas() == 0);
    }

    private long openSagas() throws SQLException {
        long open = 0;
        for (String context : ShopAddresses.CONTEXTS) {
            open += count(context, "select count(*) from farandole.saga where ended_at is null");
        }
        return open;
    }

    private void everyPieceIsSoldAndEverybodyTold(String product, int pieces, Buyers buyers, ToldOnTheWire told)
            throws SQLException {
        assertThat(row(
                        "stock",
                        "select available, reserved, sold from app.product_stock where product_id = ?",
                        product))
                .as("available, reserved, sold")
                .containsExactly("0", "0", Integer.toString(pieces));
        assertThat(count("stock", "select count(*) from app.waiting_order")).isZero();
        Map<String, Buyer> orders = buyers.byOrder();
        await("the wire tells how each order ended")
                .until(() -> told.outcomes().keySet().containsAll(orders.keySet()));
        Map<String, Integer> ends = new TreeMap<>();
        for (String[] order : rows(
                "order",
                "select order_id, status, coalesce(reason, '') from app.order_status where lines::jsonb -> 0 ->> 'productId' = ?",
                product)) {
            Buyer buyer = orders.get(order[0]);
            assertThat(buyer).as("who placed " + order[0]).isNotNull();
            boolean confirmed = order[1].equals("CONFIRMED");
            assertThat(confirmed ? "confirmed" : order[2])
                    .as("%s of %s", order[0], buyer)
                    .isIn(confirmed ? Set.of("confirmed") : REASONS);
            assertThat(confirmed && !buyer.pays())
                    .as("%s is given away", order[0])
                    .isFalse();
            assertThat(order[2].equals("sold-out") && !buyer.waits())
                    .as("%s waited unasked", order[0])
                    .isFalse();
            ends.merge(confirmed ? "confirmed" : order[2], 1, Integer::sum);
            assertThat(told.outcomes().get(order[0]))
                    .isEqualTo(confirmed ? "order.order-confirmed.v1" : "order.order-cancelled.v1");
        }
        LOG.info("{}: {}", product, ends);
        assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(orders.size());
        assertThat(ends).containsEntry("confirmed", pieces).containsKey("sold-out");
    }

    /** In the journal of stock: they were served in the order in which they began to wait, and nobody who came later. */
    private void piecesWentToThoseWhoWaitedLongest(String product) throws SQLException {
        List<String[]> overtaken = rows(
                "stock",
                """
                with began as (
                    select aggregate_id, position from farandole.journal
                     where own and payload_type = 'stock.waiting-began' and payload::jsonb ->> 'productId' = ?),
                served as (
                    select b.aggregate_id, b.position as began, s.position as served
                      from began b join farandole.journal s on s.aggregate_id = b.aggregate_id
                     where s.own and s.payload_type = 'stock.waiting-served')
                select aggregate_id, began, served from (
                    select *, max(began) over (order by served rows between unbounded preceding and 1 preceding) as before from served) s
                 where before > began""",
                product);
        assertThat(overtaken).isEmpty();
        assertThat(count("stock", "select count(*) from farandole.journal where payload_type = 'stock.waiting-served'"))
                .isPositive();
    }

    /** The queue is looked through when pieces come or go, and once more for each hundred that were refused: never because time passes. */
    private void nobodyLookedWithoutReason(String product) throws SQLException {
        long turns = count("stock", "select count(*) from farandole.journal where payload_type = 'stock.turn-called'");
        long moved = count(
                "stock",
                "select count(*) from farandole.journal where payload_type in ('stock.pieces-released', 'stock.pieces-sold')");
        long refused =
                count("stock", "select count(*) from farandole.journal where payload_type = 'stock.waiting-refused'");
        LOG.info("{}: {} turns for {} movements and {} refusals", product, turns, moved, refused);
        assertThat(turns).isLessThanOrEqualTo(moved + refused / 100 + 1);
    }

    private long count(String context, String sql) throws SQLException {
        return Long.parseLong(rows(context, sql).get(0)[0]);
    }

    private String[] row(String context, String sql, String parameter) throws SQLException {
        return rows(context, sql, parameter).get(0);
    }

    private List<String[]> rows(String context, String sql, String... parameters) throws SQLException {
        ShopAddresses.Database database = shop.database(context);
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                List<String[]> rows = new ArrayList<>();
                while (result.next()) {
                    String[] row = new String[result.getMetaData().getColumnCount()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = result.getString(i + 1);
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }
}
