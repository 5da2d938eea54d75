package io.farandole.bench.peers.seata;

import io.farandole.bench.load.Workload;
import io.seata.rm.tcc.api.BusinessActionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The shelves. Each step is one statement in the transaction of Seata's fence, which lets it happen once. */
final class Stock implements StockAction, Participant {

    private final JdbcTemplate step;
    private final JdbcTemplate books;

    Stock(JdbcTemplate step, Database database, Workload workload) {
        this.step = step;
        this.books = database.jdbc();
        books.execute(
                """
                create table product (
                    product_id text primary key,
                    available bigint not null check (available >= 0),
                    reserved bigint not null default 0 check (reserved >= 0),
                    sold bigint not null default 0)
                with (fillfactor = 50)""");
        books.execute(
                """
                create table reservation (
                    order_id text primary key,
                    product_id text not null references product,
                    quantity int not null,
                    state text not null check (state in ('reserved', 'released', 'sold')))
                with (fillfactor = 70)""");
        books.update(
                "insert into product (product_id, available) select 'p-' || i, ? from generate_series(0, ?) i",
                Workload.PIECES,
                workload.items() - 1);
        books.execute("analyze product");
    }

    /** How many pieces of all products are where. */
    record Count(long available, long reserved, long sold) {}

    @Override
    public String action() {
        return NAME;
    }

    @Override
    public boolean reserve(BusinessActionContext context, String orderId, String productId, int quantity) {
        return step.update(
                        """
                        with shelf as (
                            update product set available = available - ?, reserved = reserved + ?
                            where product_id = ? and available >= ?
                            returning product_id)
                        insert into reservation (order_id, product_id, quantity, state)
                        select ?, product_id, ?, 'reserved' from shelf""",
                        quantity,
                        quantity,
                        productId,
                        quantity,
                        orderId,
                        quantity)
                == 1;
    }

    @Override
    public boolean sell(BusinessActionContext context) {
        return step.update(
                        """
                        with ended as (
                            update reservation set state = 'sold' where order_id = ? and state = 'reserved'
                            returning product_id, quantity)
                        update product set sold = sold + ended.quantity, reserved = reserved - ended.quantity
                        from ended where product.product_id = ended.product_id""",
                        context.getActionContext("orderId"))
                == 1;
    }

    /** Nothing to do where nothing was reserved, for there was too little. */
    @Override
    public boolean release(BusinessActionContext context) {
        step.update(
                """
                with ended as (
                    update reservation set state = 'released' where order_id = ? and state = 'reserved'
                    returning product_id, quantity)
                update product set available = available + ended.quantity, reserved = reserved - ended.quantity
                from ended where product.product_id = ended.product_id""",
                context.getActionContext("orderId"));
        return true;
    }

    Count count() {
        return books.queryForObject(
                "select sum(available), sum(reserved), sum(sold) from product",
                (row, index) -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
