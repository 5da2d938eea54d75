package io.farandole.bench.raw;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Stock: reserves on an order, sells on its confirmation, puts back on its cancellation. */
final class RawStock implements RawContext.Acting {

    static final List<String> FOLLOWED = List.of(
            "order.order-placed.v1",
            "order.order-confirmed.v1",
            "order.order-cancelled.v1",
            "payment.payment-captured.v1");

    static final String TABLES =
            """
            create table item (product_id text primary key, received bigint not null, available bigint not null,
                reserved bigint not null, sold bigint not null, check (available >= 0 and reserved >= 0)) with (fillfactor = 50);
            create table reservation (order_id text primary key, product_id text not null);
            """;

    private record Change(long available, long reserved, long sold) {

        Change plus(Change other) {
            return new Change(available + other.available, reserved + other.reserved, sold + other.sold);
        }
    }

    @Override
    public List<RawEvent> on(List<RawEvent> fresh, Connection connection) throws SQLException {
        List<RawEvent> own = new ArrayList<>();
        Map<String, Change> changes = new HashMap<>();
        Map<String, String> products = new HashMap<>();
        List<String> ending = new ArrayList<>();
        for (RawEvent event : fresh) {
            if (event.type().equals("order.order-placed")) {
                products.put(event.processKey(), event.text("productId"));
            } else if (!event.type().equals("payment.payment-captured")) {
                ending.add(event.processKey());
            }
        }
        insert(products, connection);
        Map<String, String> known = new HashMap<>(products);
        find(ending, known, connection);
        for (RawEvent event : fresh) {
            String product = known.get(event.processKey());
            if (product == null) {
                continue;
            }
            String orderId = "{\"orderId\":\"" + event.processKey() + "\"";
            String pieces =
                    "{\"productId\":\"" + product + "\",\"orderId\":\"" + event.processKey() + "\",\"quantity\":1}";
            switch (event.type()) {
                case "order.order-placed" -> {
                    changes.merge(product, new Change(-1, 1, 0), Change::plus);
                    own.add(RawEvent.of("stock.pieces-reserved", pieces, event));
                    own.add(RawEvent.published(
                            "stock.order-reserved",
                            orderId + ",\"quantities\":{\"" + product + "\":1}}",
                            "stock.stock-reserved.v1",
                            orderId + "}",
                            event));
                }
                case "order.order-confirmed" -> {
                    changes.merge(product, new Change(0, -1, 1), Change::plus);
                    own.add(RawEvent.of("stock.pieces-sold", pieces, event));
                    own.add(RawEvent.of("stock.reservation-sold", orderId + "}", event));
                }
                case "order.order-cancelled" -> {
                    changes.merge(product, new Change(1, -1, 0), Change::plus);
                    own.add(RawEvent.of("stock.pieces-released", pieces, event));
                    own.add(RawEvent.published(
                            "stock.reservation-released", orderId + "}", "stock.stock-released.v1", null, event));
                }
                default -> {} // the capture is noted, nothing follows
            }
        }
        update(changes, connection);
        return own;
    }

    private static void insert(Map<String, String> products, Connection connection) throws SQLException {
        if (products.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into reservation select * from unnest(?::text[], ?::text[])")) {
            insert.setArray(
                    1, connection.createArrayOf("text", products.keySet().toArray()));
            insert.setArray(
                    2, connection.createArrayOf("text", products.values().toArray()));
            insert.executeUpdate();
        }
    }

    private static void find(Collection<String> orders, Map<String, String> products, Connection connection)
            throws SQLException {
        if (orders.isEmpty()) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select order_id, product_id from reservation where order_id = any(?::text[])")) {
            select.setArray(1, connection.createArrayOf("text", orders.toArray()));
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    products.put(found.getString(1), found.getString(2));
                }
            }
        }
    }

    private static void update(Map<String, Change> changes, Connection connection) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                update item set available = available + c.a, reserved = reserved + c.r, sold = sold + c.s
                  from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[]) c (p, a, r, s) where product_id = c.p
                """)) {
            update.setArray(1, connection.createArrayOf("text", changes.keySet().toArray()));
            update.setArray(2, longs(changes, Change::available, connection));
            update.setArray(3, longs(changes, Change::reserved, connection));
            update.setArray(4, longs(changes, Change::sold, connection));
            update.executeUpdate();
        }
    }

    private static java.sql.Array longs(Map<String, Change> changes, ToLongFunction<Change> part, Connection connection)
            throws SQLException {
        return connection.createArrayOf(
                "bigint", changes.values().stream().mapToLong(part).boxed().toArray());
    }
}
