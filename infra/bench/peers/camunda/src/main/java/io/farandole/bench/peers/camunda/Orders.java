package io.farandole.bench.peers.camunda;

import io.farandole.bench.load.OrderSpec;
import org.springframework.jdbc.core.JdbcTemplate;

/** The orders. Each method joins the transaction that its caller has open on the order database. */
final class Orders {

    private final JdbcTemplate jdbc;

    Orders(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute(
                """
                create table purchase (
                    order_id text primary key,
                    customer_id text not null,
                    product_id text not null,
                    quantity int not null,
                    price_minor bigint not null,
                    payment_token text not null,
                    state text not null check (state in ('placed', 'confirmed', 'cancelled')),
                    reason text)
                with (fillfactor = 70)""");
    }

    /** What the participants need to know of an order. */
    record Line(String productId, int quantity, long priceMinor, String paymentToken) {}

    /** How many orders are in which state. */
    record Count(long confirmed, long cancelled, long undecided) {}

    void place(String orderId, OrderSpec order) {
        jdbc.update(
                "insert into purchase (order_id, customer_id, product_id, quantity, price_minor, payment_token, state)"
                        + " values (?, ?, ?, ?, ?, ?, 'placed')",
                orderId,
                order.customerId(),
                order.productId(),
                OrderSpec.QUANTITY,
                OrderSpec.PRICE_MINOR,
                order.declined() ? Payments.DECLINED_TOKEN : "tok_ok");
    }

    Line line(String orderId) {
        return jdbc.queryForObject(
                "select product_id, quantity, price_minor, payment_token from purchase where order_id = ?",
                (row, index) -> new Line(row.getString(1), row.getInt(2), row.getLong(3), row.getString(4)),
                orderId);
    }

    void confirm(String orderId) {
        decide(orderId, "confirmed", null);
    }

    void cancel(String orderId, String reason) {
        decide(orderId, "cancelled", reason);
    }

    private void decide(String orderId, String state, String reason) {
        int rows = jdbc.update(
                "update purchase set state = ?, reason = ? where order_id = ? and state = 'placed'",
                state,
                reason,
                orderId);
        if (rows != 1) {
            throw new IllegalStateException("Order " + orderId + " cannot be " + state + ", for it is not open");
        }
    }

    Count count() {
        return jdbc.queryForObject(
                """
                select count(*) filter (where state = 'confirmed'),
                       count(*) filter (where state = 'cancelled'),
                       count(*) filter (where state = 'placed')
                from purchase""",
                (row, index) -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
