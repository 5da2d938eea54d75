package io.farandole.bench.peers.seata;

import io.farandole.bench.load.OrderSpec;
import io.seata.rm.tcc.api.BusinessActionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The orders. Each step joins the transaction of Seata's fence, which lets it happen once. */
final class Orders implements OrderAction, Participant {

    private final JdbcTemplate step;
    private final JdbcTemplate books;

    Orders(JdbcTemplate step, Database database) {
        this.step = step;
        this.books = database.jdbc();
        books.execute(
                """
                create table purchase (
                    order_id text primary key,
                    customer_id text not null,
                    product_id text not null,
                    quantity int not null,
                    price_minor bigint not null,
                    state text not null check (state in ('placed', 'confirmed', 'cancelled')))
                with (fillfactor = 70)""");
    }

    /** How many orders are in which state. */
    record Count(long confirmed, long cancelled, long undecided) {}

    @Override
    public String action() {
        return NAME;
    }

    @Override
    public boolean place(BusinessActionContext context, String orderId, String customerId, String productId) {
        return step.update(
                        "insert into purchase (order_id, customer_id, product_id, quantity, price_minor, state)"
                                + " values (?, ?, ?, ?, ?, 'placed')",
                        orderId,
                        customerId,
                        productId,
                        OrderSpec.QUANTITY,
                        OrderSpec.PRICE_MINOR)
                == 1;
    }

    @Override
    public boolean confirm(BusinessActionContext context) {
        return decide(context, "confirmed");
    }

    @Override
    public boolean cancel(BusinessActionContext context) {
        return decide(context, "cancelled");
    }

    private boolean decide(BusinessActionContext context, String state) {
        return step.update(
                        "update purchase set state = ? where order_id = ? and state = 'placed'",
                        state,
                        context.getActionContext("orderId"))
                == 1;
    }

    /** The order's state; null if there is no such order. */
    String state(String orderId) {
        return books.query(
                "select state from purchase where order_id = ?",
                rows -> rows.next() ? rows.getString(1) : null,
                orderId);
    }

    Count count() {
        return books.queryForObject(
                """
                select count(*) filter (where state = 'confirmed'),
                       count(*) filter (where state = 'cancelled'),
                       count(*) filter (where state = 'placed')
                from purchase""",
                (row, index) -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
