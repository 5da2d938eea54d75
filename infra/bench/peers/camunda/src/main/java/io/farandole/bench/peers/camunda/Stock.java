package io.farandole.bench.peers.camunda;

import io.farandole.bench.load.Workload;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The shelves, in a database of their own. Each method is one statement that commits by itself and may be repeated: the
 * reservation's row tells what has been done for the order.
 */
final class Stock {

    private final JdbcTemplate jdbc;
    private final Workload workload;

    Stock(JdbcTemplate jdbc, Workload workload) {
        this.jdbc = jdbc;
        this.workload = workload;
        jdbc.execute(
                """
                create table product (
                    product_id text primary key,
                    available bigint not null check (available >= 0),
                    reserved bigint not null default 0 check (reserved >= 0),
                    sold bigint not null default 0)
                with (fillfactor = 50)""");
        jdbc.execute(
                """
                create table reservation (
                    order_id text primary key,
                    product_id text not null references product,
                    quantity int not null,
                    state text not null check (state in ('reserved', 'released', 'sold')))
                with (fillfactor = 70)""");
        jdbc.update(
                "insert into product (product_id, available) select 'p-' || i, ? from generate_series(0, ?) i",
                Workload.PIECES,
                workload.items() - 1);
        jdbc.execute("analyze product");
    }

    /** How many pieces of all products are where. */
    record Count(long available, long reserved, long sold) {}

    /** Holds pieces for an order; false if there are too few. */
    boolean reserve(String orderId, String productId, int quantity) {
        int rows = jdbc.update(
                """
                with shelf as (
                    update product set available = available - ?, reserved = reserved + ?
                    where product_id = ? and available >= ?
                      and not exists (select 1 from reservation where order_id = ?)
                    returning product_id)
                insert into reservation (order_id, product_id, quantity, state)
                select ?, product_id, ?, 'reserved' from shelf""",
                quantity,
                quantity,
                productId,
                quantity,
                orderId,
                orderId,
                quantity);
        return rows == 1 || isKnown(orderId);
    }

    private boolean isKnown(String orderId) {
        try {
            return jdbc.queryForObject("select true from reservation where order_id = ?", Boolean.class, orderId);
        } catch (EmptyResultDataAccessException unknown) {
            return false;
        }
    }

    /** Puts an order's pieces back on the shelf. */
    void release(String orderId) {
        jdbc.update(
                """
                with ended as (
                    update reservation set state = 'released' where order_id = ? and state = 'reserved'
                    returning product_id, quantity)
                update product set available = available + ended.quantity, reserved = reserved - ended.quantity
                from ended where product.product_id = ended.product_id""",
                orderId);
    }

    /** Hands an order's pieces out. */
    void sell(String orderId) {
        jdbc.update(
                """
                with ended as (
                    update reservation set state = 'sold' where order_id = ? and state = 'reserved'
                    returning product_id, quantity)
                update product set sold = sold + ended.quantity, reserved = reserved - ended.quantity
                from ended where product.product_id = ended.product_id""",
                orderId);
    }

    long received() {
        return workload.pieces();
    }

    Count count() {
        return jdbc.queryForObject(
                "select sum(available), sum(reserved), sum(sold) from product",
                (row, index) -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
