package io.farandole.bench;

import io.farandole.messaging.EventTypes;
import java.sql.Array;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** A read model over a {@link LongHistory} that writes what a batch of events comes to with one statement. Thread-safe. */
@ProcessingGroup(Sales.GROUP)
final class Sales {

    static final String GROUP = "sales";

    static final EventTypes TYPES = EventTypes.builder()
            .event("bench.placed", 1, Placed.class, Placed::orderId)
            .event("bench.confirmed", 1, Confirmed.class, Confirmed::orderId)
            .event("bench.fulfilled", 1, Fulfilled.class, Fulfilled::orderId)
            .event("stock.reserved", 1, Reserved.class, Reserved::orderId)
            .event("payment.authorized", 1, Authorized.class, Authorized::orderId)
            .event("payment.captured", 1, Captured.class, Captured::orderId)
            .build();

    private static final String WRITE =
            "insert into sale as s (order_id, customer_id, total, state, placed_at, ended_at)"
                    + " select order_id, coalesce(customer_id, ''), coalesce(total, 0), state, coalesce(placed_at, 'epoch'), ended_at"
                    + " from unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[], ?::timestamptz[])"
                    + " c (order_id, customer_id, total, state, placed_at, ended_at)"
                    + " on conflict (order_id) do update set state = excluded.state,"
                    + " ended_at = coalesce(excluded.ended_at, s.ended_at)";

    private final JdbcTemplate jdbc;
    private final String resource = "sales-" + System.identityHashCode(this);

    Sales(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** What the journal holds. */
    sealed interface Event {}

    /** A line of an order. */
    record Line(String productId, int quantity, long price) {}

    /** What is reserved. */
    record Item(String productId, int quantity) {}

    /** An amount. */
    record Amount(long minor, String currency) {}

    /** An order was taken. */
    record Placed(String orderId, String customerId, List<Line> lines, long total, String city) implements Event {}

    /** It is a sale. */
    record Confirmed(String orderId, long total) implements Event {}

    /** Nothing is left to do. */
    record Fulfilled(String orderId) implements Event {}

    /** Received from stock. */
    record Reserved(String orderId, String reservationId, List<Item> items) implements Event {}

    /** Received from payment. */
    record Authorized(String orderId, Amount amount) implements Event {}

    /** Received from payment. */
    record Captured(String orderId, Amount amount) implements Event {}

    /** What a batch makes of an order; what it says nothing of is null. */
    private static final class Row {
        private @Nullable String customerId;
        private @Nullable Long total;
        private String state = "PLACED";
        private @Nullable Instant placedAt;
        private @Nullable Instant endedAt;
    }

    @EventHandler
    void on(Placed event, @Timestamp Instant at) {
        Row row = row(event.orderId());
        row.customerId = event.customerId();
        row.total = event.total();
        row.placedAt = at;
    }

    @EventHandler
    void on(Confirmed event) {
        row(event.orderId()).state = "CONFIRMED";
    }

    @EventHandler
    void on(Fulfilled event, @Timestamp Instant at) {
        Row row = row(event.orderId());
        row.state = "FULFILLED";
        row.endedAt = at;
    }

    /** Sorted, so that two writers never wait for each other in a circle. */
    private Row row(String orderId) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        Map<String, Row> rows = unit.getOrComputeResource(resource, name -> new TreeMap<>());
        if (rows.isEmpty()) {
            unit.onPrepareCommit(preparing -> write(rows));
        }
        return rows.computeIfAbsent(orderId, id -> new Row());
    }

    private void write(Map<String, Row> rows) {
        List<@Nullable Object[]> columns = new ArrayList<>();
        for (int column = 0; column < 6; column++) {
            columns.add(new Object[rows.size()]);
        }
        int next = 0;
        for (Map.Entry<String, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            columns.get(0)[next] = entry.getKey();
            columns.get(1)[next] = row.customerId;
            columns.get(2)[next] = row.total;
            columns.get(3)[next] = row.state;
            columns.get(4)[next] = text(row.placedAt);
            columns.get(5)[next] = text(row.endedAt);
            next++;
        }
        jdbc.update(WRITE, statement -> {
            Connection connection = statement.getConnection();
            String[] types = {"text", "text", "bigint", "text", "timestamptz", "timestamptz"};
            for (int column = 0; column < types.length; column++) {
                Array array = connection.createArrayOf(types[column], columns.get(column));
                statement.setArray(column + 1, array);
            }
        });
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
