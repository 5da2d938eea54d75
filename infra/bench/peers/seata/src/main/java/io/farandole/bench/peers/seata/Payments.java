package io.farandole.bench.peers.seata;

import io.seata.rm.tcc.api.BusinessActionContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The charges; the payment provider answers in-process. Each step is one statement in the transaction of Seata's fence, which
 * lets it happen once.
 */
final class Payments implements PaymentAction, Participant {

    /** The token that the provider declines. */
    static final String DECLINED_TOKEN = "tok_declined";

    private final JdbcTemplate step;
    private final JdbcTemplate books;

    Payments(JdbcTemplate step, Database database) {
        this.step = step;
        this.books = database.jdbc();
        books.execute(
                """
                create table charge (
                    order_id text primary key,
                    amount_minor bigint not null,
                    state text not null check (state in ('authorised', 'captured', 'voided', 'declined')))
                with (fillfactor = 70)""");
    }

    /** How much money is in which state. */
    record Count(long capturedMinor, long authorisedMinor) {}

    @Override
    public String action() {
        return NAME;
    }

    @Override
    public boolean authorise(BusinessActionContext context, String orderId, long amountMinor, String token) {
        boolean accepted = !token.equals(DECLINED_TOKEN);
        step.update(
                "insert into charge (order_id, amount_minor, state) values (?, ?, ?)",
                orderId,
                amountMinor,
                accepted ? "authorised" : "declined");
        return accepted;
    }

    @Override
    public boolean capture(BusinessActionContext context) {
        return step.update(
                        "update charge set state = 'captured' where order_id = ? and state = 'authorised'",
                        context.getActionContext("orderId"))
                == 1;
    }

    /** Nothing to do where the provider has declined. */
    @Override
    public boolean voidCharge(BusinessActionContext context) {
        step.update(
                "update charge set state = 'voided' where order_id = ? and state = 'authorised'",
                context.getActionContext("orderId"));
        return true;
    }

    Count count() {
        return books.queryForObject(
                """
                select coalesce(sum(amount_minor) filter (where state = 'captured'), 0),
                       coalesce(sum(amount_minor) filter (where state = 'authorised'), 0)
                from charge""",
                (row, index) -> new Count(row.getLong(1), row.getLong(2)));
    }
}
