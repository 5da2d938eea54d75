package io.farandole.bench;

import io.farandole.acceptance.checker.ShopAddresses;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/** Looks for confirmed and cancelled orders in the order journal, over a connection of its own. Used by one thread. */
final class EndsOfOrders implements AutoCloseable {

    /** How far behind the newest position a transaction may still be open. */
    static final long LATE_POSITIONS = 2_000;

    private static final String ENDS =
            "select position, process_key, payload_type = 'order.confirmed' from farandole.journal"
                    + " where own and payload_type in ('order.confirmed', 'order.cancelled') and ";

    private final Connection connection;
    private final PreparedStatement after;
    private final PreparedStatement of;
    private final PreparedStatement newest;

    private EndsOfOrders(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            // It looks some hundred times a second: planned each time, it would cost more than an order's whole
            // publication.
            statement.execute("set plan_cache_mode = force_generic_plan; set enable_seqscan = off");
        }
        after = connection.prepareStatement(ENDS + "position > ? order by position");
        of = connection.prepareStatement(ENDS + "process_key = any(?)");
        newest = connection.prepareStatement("select coalesce(max(position), 0) from farandole.journal");
    }

    static EndsOfOrders in(ShopAddresses.Database database) throws SQLException {
        return new EndsOfOrders(DriverManager.getConnection(database.url(), database.user(), database.password()));
    }

    /** Told of an order's end. */
    interface Told {
        void ended(String orderId, boolean confirmed);
    }

    /** Tells of the ends after that position; the position of the last of them. */
    long after(long position, Told told) throws SQLException {
        after.setLong(1, position);
        return tell(after, position, told);
    }

    /** Tells of those of these orders that have ended. */
    void of(Collection<String> orders, Told told) throws SQLException {
        if (!orders.isEmpty()) {
            of.setArray(1, connection.createArrayOf("text", orders.toArray()));
            tell(of, 0, told);
        }
    }

    /** The highest position of the journal; 0 if it is empty. */
    long newest() throws SQLException {
        try (ResultSet result = newest.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    private static long tell(PreparedStatement query, long position, Told told) throws SQLException {
        long last = position;
        try (ResultSet ends = query.executeQuery()) {
            while (ends.next()) {
                last = Math.max(last, ends.getLong(1));
                told.ended(ends.getString(2), ends.getBoolean(3));
            }
        }
        return last;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
