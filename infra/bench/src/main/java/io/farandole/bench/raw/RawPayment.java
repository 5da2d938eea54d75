package io.farandole.bench.raw;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Payment: authorises once the charge is asked for and the stock is secured, captures on the confirmation. */
final class RawPayment implements RawContext.Acting {

    static final List<String> FOLLOWED = List.of(
            "order.payment-requested.v1",
            "order.order-confirmed.v1",
            "order.order-cancelled.v1",
            "stock.stock-reserved.v1");

    static final String TABLES =
            """
            create table payment (order_id text primary key, token text, secured boolean not null, state text not null)
                with (fillfactor = 50);
            """;

    private static final class Payment {
        private String token = "";
        private boolean secured;
        private String state = "collecting";
    }

    @Override
    public List<RawEvent> on(List<RawEvent> fresh, Connection connection) throws SQLException {
        Map<String, Payment> payments = load(fresh, connection);
        List<RawEvent> own = new ArrayList<>();
        for (RawEvent event : fresh) {
            Payment payment = payments.computeIfAbsent(event.processKey(), key -> new Payment());
            String orderId = "{\"orderId\":\"" + event.processKey() + "\"";
            String amount = orderId + ",\"amount\":{\"minor\":990,\"currency\":\"EUR\"}";
            switch (event.type()) {
                case "order.payment-requested" -> {
                    payment.token = event.text("paymentToken");
                    own.add(RawEvent.of("payment.charge-requested", amount + "}", event));
                    authorise(payment, own, orderId, amount, event);
                }
                case "stock.stock-reserved" -> {
                    payment.secured = true;
                    own.add(RawEvent.of("payment.stock-secured", orderId + "}", event));
                    authorise(payment, own, orderId, amount, event);
                }
                case "order.order-confirmed" -> {
                    payment.state = "captured"; // the provider, in-process, takes it
                    own.add(RawEvent.of("payment.capture-started", amount + "}", event));
                    own.add(RawEvent.published(
                            "payment.charge-captured", amount + "}", "payment.payment-captured.v1", null, event));
                }
                default -> {} // a cancellation follows a decline: nothing is held
            }
        }
        store(payments, connection);
        return own;
    }

    private static void authorise(Payment payment, List<RawEvent> own, String orderId, String amount, RawEvent event) {
        if (payment.token.isEmpty() || !payment.secured) {
            return;
        }
        own.add(RawEvent.of("payment.authorization-started", amount + "}", event));
        if (payment.token.equals("tok_declined")) {
            payment.state = "declined";
            own.add(RawEvent.published(
                    "payment.charge-declined",
                    amount + ",\"reason\":\"declined\"}",
                    "payment.payment-declined.v1",
                    orderId + ",\"reason\":\"declined\"}",
                    event));
        } else {
            payment.state = "authorized";
            own.add(RawEvent.published(
                    "payment.charge-authorized", amount + "}", "payment.payment-authorized.v1", null, event));
        }
    }

    private static Map<String, Payment> load(List<RawEvent> fresh, Connection connection) throws SQLException {
        Map<String, Payment> payments = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select order_id, token, secured, state from payment where order_id = any(?::text[])")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", fresh.stream().map(RawEvent::processKey).toArray()));
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    Payment payment = new Payment();
                    payment.token = found.getString(2);
                    payment.secured = found.getBoolean(3);
                    payment.state = found.getString(4);
                    payments.put(found.getString(1), payment);
                }
            }
        }
        return payments;
    }

    private static void store(Map<String, Payment> payments, Connection connection) throws SQLException {
        Map<String, Payment> ordered = new LinkedHashMap<>(payments);
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into payment select * from unnest(?::text[], ?::text[], ?::boolean[], ?::text[])
                on conflict (order_id) do update set token = excluded.token, secured = excluded.secured, state = excluded.state
                """)) {
            upsert.setArray(1, connection.createArrayOf("text", ordered.keySet().toArray()));
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "text", ordered.values().stream().map(p -> p.token).toArray()));
            upsert.setArray(
                    3,
                    connection.createArrayOf(
                            "boolean",
                            ordered.values().stream().map(p -> p.secured).toArray()));
            upsert.setArray(
                    4,
                    connection.createArrayOf(
                            "text", ordered.values().stream().map(p -> p.state).toArray()));
            upsert.executeUpdate();
        }
    }
}
