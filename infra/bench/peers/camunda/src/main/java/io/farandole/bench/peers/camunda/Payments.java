package io.farandole.bench.peers.camunda;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The charges, in a database of their own; the payment provider answers in-process. A charge is one statement that commits by
 * itself and may be repeated: the answer of the first time stays.
 */
final class Payments {

    /** The token that the provider declines. */
    static final String DECLINED_TOKEN = "tok_declined";

    private final JdbcTemplate jdbc;

    Payments(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute(
                """
                create table charge (
                    order_id text primary key,
                    amount_minor bigint not null,
                    state text not null check (state in ('captured', 'declined')))""");
    }

    /** Charges an order; false if the provider declines. */
    boolean charge(String orderId, long amountMinor, String token) {
        boolean accepted = !token.equals(DECLINED_TOKEN);
        int rows = jdbc.update(
                "insert into charge (order_id, amount_minor, state) values (?, ?, ?) on conflict do nothing",
                orderId,
                amountMinor,
                accepted ? "captured" : "declined");
        return rows == 1
                ? accepted
                : jdbc.queryForObject(
                        "select state = 'captured' from charge where order_id = ?", Boolean.class, orderId);
    }

    long capturedMinor() {
        return jdbc.queryForObject(
                "select coalesce(sum(amount_minor), 0) from charge where state = 'captured'", Long.class);
    }
}
