package io.farandole.bench;

import java.sql.SQLException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A journal of orders that were all fulfilled: six events each, three of its own and three received, with those of others between them; and an
 * empty read model. Filled past the framework, for what is measured is how it is read.
 */
final class LongHistory {

    /** What the journal holds of each order. */
    static final int EVENTS_OF_AN_ORDER = 6;

    /** So many other orders begin between two events of one. */
    private static final int BETWEEN = 40;

    private final BenchJournal journal;
    private final int orders;

    private LongHistory(BenchJournal journal, int orders) {
        this.journal = journal;
        this.orders = orders;
    }

    /** Fills a new journal with the events of so many orders. */
    static LongHistory fill(BenchJournal journal, int orders) throws SQLException {
        JdbcTemplate admin = new JdbcTemplate(journal.database().adminDataSource());
        admin.execute(
                """
            insert into farandole.journal (position, own, event_id, source, aggregate_type, aggregate_id, sequence,
                payload_type, payload_version, payload, metadata, process_key, correlation_id, causation_id, wire_type,
                source_sequence, occurred_at)
            select row_number() over (order by o + step * %d, step), own, type || '-' || o,
                case when own then 'bench' else split_part(type, '.', 1) end,
                case when own then 'Sale' end, 'order-' || o, case when own then sequence end,
                type, 1,
                '{"orderId":"order-' || o || '"' || replace(replace(more, '#', o::text), '%%', (o %% 1000)::text) || '}',
                case when own then '{"command":"' || type || '-command-' || o || '"}' end,
                'order-' || o, 'conversation-' || o, case when step > 0 then 'cause-' || o || '-' || step end,
                case when own then null else type || '.v1' end,
                case when own then null else o * 10 + step end,
                timestamptz '2026-01-01' + (o + step * %d) * interval '20 milliseconds'
            from generate_series(1, %d) o,
                (values
                    (0, true, 'bench.placed', 0::bigint,
                        ',"customerId":"customer-%%","lines":[{"productId":"p-%%","quantity":2,"price":1990},{"productId":"p-17","quantity":1,"price":4900}],"total":#,"city":"Arles"'),
                    (1, false, 'stock.reserved', null, ',"reservationId":"r-#","items":[{"productId":"p-%%","quantity":2}]'),
                    (2, false, 'payment.authorized', null, ',"amount":{"minor":#,"currency":"EUR"}'),
                    (3, true, 'bench.confirmed', 1, ',"total":#'),
                    (4, false, 'payment.captured', null, ',"amount":{"minor":#,"currency":"EUR"}'),
                    (5, true, 'bench.fulfilled', 2, '')) steps (step, own, type, sequence, more)
            """
                        .formatted(BETWEEN, BETWEEN, orders));
        admin.queryForObject(
                "select setval('farandole.journal_position', (select max(position) from farandole.journal))",
                Long.class);
        admin.execute("set role \"" + journal.database().ownerRole() + "\";"
                + " create table app.sale (order_id text primary key, customer_id text not null, total bigint not null,"
                + " state text not null, placed_at timestamptz not null, ended_at timestamptz)");
        admin.execute("vacuum analyze farandole.journal");
        admin.execute("checkpoint");
        return new LongHistory(journal, orders);
    }

    BenchJournal journal() {
        return journal;
    }

    int orders() {
        return orders;
    }

    int events() {
        return orders * EVENTS_OF_AN_ORDER;
    }
}
