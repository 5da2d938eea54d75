package io.farandole.audit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BooksIT {

    private static final Ledger SALES = new Ledger(
            Set.of("paid", "sale"),
            "select process_key as entry, 'paid ' || (payload::jsonb ->> 'currency') as account,"
                    + " (payload::jsonb ->> 'minor')::bigint as amount, recorded_at as at, process_key as process"
                    + " from farandole.journal where own and payload_type = 'order.order-placed'"
                    + " union all select process_key, 'sale', 1, recorded_at, process_key from farandole.journal"
                    + " where own and payload_type = 'order.order-placed'");

    private static final Ledger REFUNDS = new Ledger(
            Set.of("paid"),
            "with refunded as (select * from farandole.journal where payload_type = 'order.order-cancelled')"
                    + " select process_key as entry, 'paid ' || (payload::jsonb ->> 'currency') as account,"
                    + " -(payload::jsonb ->> 'minor')::bigint as amount, recorded_at as at, 'return ' || process_key as process"
                    + " from refunded");

    private Side order;
    private Books books;

    @BeforeEach
    void opens() {
        order = new Side("order");
        books = new Books(List.of(SALES, REFUNDS), order.dataSource());
    }

    @AfterEach
    void closes() {
        order.close();
    }

    @Test
    void statementsOfAllLedgersAreAddedUp() {
        order.publishes(Side.PLACED, "o-1", "{\"minor\":700,\"currency\":\"EUR\"}");
        order.publishes(Side.PLACED, "o-2", "{\"minor\":500,\"currency\":\"USD\"}");
        order.publishes(Side.CANCELLED, "o-1", "{\"minor\":700,\"currency\":\"EUR\"}");

        List<PartDigest> paid = books.digests(Set.of("paid"));
        assertThat(paid).singleElement().satisfies(part -> assertThat(part.statements())
                .isEqualTo(1));
        assertThat(books.digests(Set.of("sale")).stream()
                        .mapToLong(PartDigest::statements)
                        .sum())
                .isEqualTo(2);
        assertThat(books.digests(Set.of("unknown"))).isEmpty();
        List<Integer> all = IntStream.range(0, Books.PARTS).boxed().toList();
        assertThat(books.statements(Set.of("paid"), all))
                .extracting(Statement::entry, Statement::account, Statement::amount, Statement::processes)
                .containsExactly(
                        tuple("o-1", "paid EUR", 0L, List.of("o-1", "return o-1")),
                        tuple("o-2", "paid USD", 500L, List.of("o-2")));
        assertThat(books.statements(Set.of("paid"), List.of(paid.get(0).part())))
                .extracting(Statement::entry)
                .contains("o-2");
        assertThat(books.accounts()).containsExactlyInAnyOrder("paid", "sale");
    }

    @Test
    void whoKeepsNoBooksHasNone() {
        Books none = new Books(List.of(), order.dataSource());
        assertThat(none.accounts()).isEmpty();
        assertThat(none.digests(Set.of("paid"))).isEmpty();
        assertThat(none.statements(Set.of("paid"), List.of(1))).isEmpty();
    }

    @Test
    void aKindOfAccountIsOneWord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ledger(Set.of("paid EUR"), "select 1"))
                .withMessageContaining("A kind of account is a word such as paid");
    }
}
