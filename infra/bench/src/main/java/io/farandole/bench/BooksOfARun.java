package io.farandole.bench;

import io.farandole.bench.load.Books;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The books of some orders only, beside whatever else is in the shop's databases: asked by set-based SQL, for journals too large to
 * be read as a whole. Used by one thread.
 */
final class BooksOfARun {

    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 50_000_000;
    private static final int QUIET_LOOKS = 3;

    private static final String WORK_LEFT =
            """
            select (select count(*) from bench_run r join farandole.saga s on s.process_key = r.order_id
                    where s.ended_at is null)
                 + (select count(*) from bench_run r join farandole.outside_call c on c.process_key = r.order_id
                    where c.status <> 'DONE')
                 + (select count(*) from farandole.parked_process)
            """;

    private static final String NOT_ENDED =
            """
            select count(*) from bench_run r where not exists (select from farandole.journal j where j.process_key = r.order_id
                and j.own and j.payload_type in ('order.fulfilled', 'order.settled'))
            """;

    private static final String EVENTS =
            """
            select j.payload_type, count(*), count(distinct j.process_key),
                coalesce(sum(coalesce(j.payload::json->>'quantity', j.payload::json->'amount'->>'minor')::bigint), 0)
            from bench_run r join farandole.journal j on j.process_key = r.order_id
            where j.own group by j.payload_type
            """;

    private final Map<String, Connection> databases;

    /** Over a connection per context, each of one who may read everything. */
    BooksOfARun(Map<String, Connection> databases) {
        this.databases = databases;
    }

    /** Events of a type: how many, of how many orders, and the pieces or cents that they name. */
    private record Tally(long events, long orders, long amount) {}

    /** Waits until nothing is left to do for these orders; fails after five minutes. */
    void settle(Collection<String> orders) throws SQLException {
        for (Connection database : databases.values()) {
            note(database, orders);
        }
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < QUIET_LOOKS) {
            long left = number(of("order"), NOT_ENDED);
            for (Connection database : databases.values()) {
                left += number(database, WORK_LEFT);
            }
            quiet = left == 0 ? quiet + 1 : 0;
            if (System.nanoTime() - start > SETTLED_WITHIN.toNanos()) {
                throw new IllegalStateException("The orders do not come to rest: " + left + " things are left to do");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /**
     * The books of the orders that {@link #settle} was called for, on shelves with so many pieces.
     *
     * @throws VoidRunException if an event happened twice to an order
     */
    Books books(long pieces) throws SQLException {
        Map<String, Tally> tallies = new HashMap<>();
        List<String> doubled = new ArrayList<>();
        for (Connection database : databases.values()) {
            try (Statement statement = database.createStatement();
                    ResultSet rows = statement.executeQuery(EVENTS)) {
                while (rows.next()) {
                    Tally tally = new Tally(rows.getLong(2), rows.getLong(3), rows.getLong(4));
                    tallies.put(rows.getString(1), tally);
                    if (tally.events() > tally.orders()) {
                        doubled.add(rows.getString(1) + " happened " + tally.events() + " times to " + tally.orders()
                                + " orders");
                    }
                }
            }
        }
        VoidRunException.ifAny("three services", doubled);
        return books(
                pieces,
                type -> tallies.getOrDefault(type, new Tally(0, 0, 0)).events(),
                type -> tallies.getOrDefault(type, new Tally(0, 0, 0)).amount());
    }

    /** A number for each type of event. */
    interface ByType {
        long of(String type);
    }

    /** The books from how often each event happened, and the pieces or cents that it named. */
    static Books books(long pieces, ByType events, ByType amounts) {
        long confirmed = events.of("order.confirmed");
        long cancelled = events.of("order.cancelled");
        long reserved = amounts.of("stock.pieces-reserved");
        long released = amounts.of("stock.pieces-released");
        long sold = amounts.of("stock.pieces-sold");
        long captured = amounts.of("payment.charge-captured");
        return new Books(
                confirmed,
                cancelled,
                events.of("order.placed") - confirmed - cancelled,
                pieces,
                pieces - reserved + released,
                reserved - released - sold,
                sold,
                captured - amounts.of("payment.charge-refunded"),
                amounts.of("payment.charge-authorized") - captured - amounts.of("payment.charge-voided"));
    }

    private static void note(Connection database, Collection<String> orders) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("drop table if exists bench_run");
            statement.execute("create temporary table bench_run (order_id text primary key)");
        }
        try (PreparedStatement insert = database.prepareStatement("insert into bench_run select unnest(?)")) {
            insert.setArray(1, database.createArrayOf("text", orders.toArray()));
            insert.executeUpdate();
        }
        try (Statement statement = database.createStatement()) {
            statement.execute("analyze bench_run");
        }
    }

    private Connection of(String context) {
        Connection database = databases.get(context);
        if (database == null) {
            throw new IllegalArgumentException("No database of " + context);
        }
        return database;
    }

    private static long number(Connection database, String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
