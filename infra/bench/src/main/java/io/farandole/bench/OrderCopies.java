package io.farandole.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Real orders of the shop, as the rows that one context has of them, multiplied in its database by set-based SQL: journal,
 * sagas, deadlines, outside calls, barrier and views alike, every constraint and index in place. A copy has ids of its own, the same in
 * all contexts, and its products go round as those of the load do, each product's history without a gap. Positions follow the sequence.
 *
 * <p>For stopped services only: {@link #movePositions} then has relay and processors go on behind the copies, whose work is done or
 * waits. Used by one thread.
 */
final class OrderCopies {

    /** Ids before this one, in time: those of the copies. Any moment that is long past. */
    private static final long FIRST_MILLIS = 1_700_000_000_000L;

    private static final int ROWS_AT_ONCE = 200_000;
    private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";

    private final String context;
    private final Connection connection;
    private final int orders;
    private final List<CopiedTable> tables = new ArrayList<>();
    private final Map<Long, Integer> ordinals = new HashMap<>();

    /**
     * Takes the rows of these orders as the template, in place of any that was taken from this database before.
     *
     * @param orders ids; the order at an index ordered one piece of product {@code p-<index>}
     */
    OrderCopies(String context, Connection connection, List<String> orders) throws SQLException {
        this.context = context;
        this.connection = connection;
        this.orders = orders.size();
        execute("drop schema if exists bench cascade");
        execute("create schema bench");
        execute("create table bench.template (order_id text primary key, i integer not null)");
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into bench.template select id, n - 1 from unnest(?) with ordinality as t (id, n)")) {
            Array ids = connection.createArrayOf("text", orders.toArray());
            insert.setArray(1, ids);
            insert.executeUpdate();
        }
        for (CopiedTable table : CopiedTable.of(connection)) {
            capture(table);
        }
    }

    private void capture(CopiedTable table) throws SQLException {
        String template = table.template();
        boolean journal = table.isJournal();
        execute("create table " + template + " as select t.*, o.i as bench_i, row_number() over (order by "
                + (journal ? "t.position" : "o.i") + ") - 1 as bench_ordinal, null::bigint as bench_source_ordinal,"
                + " null::bigint as bench_item_ordinal from " + table.name()
                + " t join bench.template o on o.order_id = t." + table.key());
        if (number("select count(*) from " + template) == 0) {
            execute("drop table " + template);
            return;
        }
        for (String column : table.textColumns()) {
            execute("update " + template + " set " + column + " = replace(regexp_replace(" + column + ", '" + ID
                    + "', '"
                    + CopiedTable.ID_MARK + "-\\1', 'g'), '\"p-' || bench_i || '\"', '\"" + CopiedTable.ITEM_MARK
                    + "\"')");
        }
        if (journal) {
            captureItems(template);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select position, bench_ordinal from " + template)) {
                while (rows.next()) {
                    ordinals.put(rows.getLong(1), rows.getInt(2));
                }
            }
        }
        execute("analyze " + template);
        tables.add(table);
    }

    /** Events of products: each order must have the same number, so that the products' sequences can be counted on. */
    private void captureItems(String template) throws SQLException {
        execute("update " + template + " t set aggregate_id = '" + CopiedTable.ITEM_MARK
                + "', bench_item_ordinal = n.ordinal from (select position, row_number() over (partition by bench_i"
                + " order by position) - 1 as ordinal from " + template
                + " where own and aggregate_id = 'p-' || bench_i) n where n.position = t.position");
        if (number("select count(distinct n) from (select count(bench_item_ordinal) as n from " + template
                        + " group by bench_i) x")
                != 1) {
            throw new IllegalStateException("The orders of the template differ in how often they move stock");
        }
    }

    /** Where in the template the events of this context stand, by their positions in its journal. */
    Map<Long, Integer> ordinals() {
        return ordinals;
    }

    /** Events that this context's journal has of the template. */
    int eventsPerCopy() {
        return ordinals.size();
    }

    /** Orders in the template. */
    int ordersPerCopy() {
        return orders;
    }

    /** Has the copies of received events name the producer's position of the event's copy. */
    void follow(String producer, Map<Long, Integer> producersOrdinals) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update bench.farandole_journal t"
                + " set bench_source_ordinal = g.ordinal from unnest(?::bigint[], ?::bigint[]) as g (position, ordinal)"
                + " where not t.own and t.source = ? and t.source_sequence = g.position")) {
            List<Long> positions = List.copyOf(producersOrdinals.keySet());
            update.setArray(1, connection.createArrayOf("bigint", positions.toArray()));
            update.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            positions.stream().map(producersOrdinals::get).toArray()));
            update.setString(3, producer);
            update.executeUpdate();
        }
    }

    /** The last position that the journal's sequence has given out. */
    long position() throws SQLException {
        return number("select last_value from farandole.journal_position");
    }

    /**
     * Adds copies.
     *
     * @param first number of the first copy, from 0; never used before
     * @param copies how often the whole template is copied
     * @param items how many products the copies go round
     * @param producers where each context's journal stands before the copies, by context, this one included
     * @param perCopy how many events each context's journal gets per copy
     */
    void add(long first, int copies, int items, Map<String, Long> producers, Map<String, Integer> perCopy)
            throws SQLException {
        long perItem = tables.stream().anyMatch(CopiedTable::isJournal)
                ? number("select count(distinct bench_item_ordinal) from bench.farandole_journal")
                : 0;
        execute("drop table if exists bench.item");
        execute(
                "create table bench.item as select n as item, coalesce((select max(j.sequence) + 1 from farandole.journal j"
                        + " where j.own and j.sequence is not null and j.aggregate_id = 'p-' || n), 0) as next"
                        + " from generate_series(0, " + items + " - 1) as n");
        execute("analyze bench.item");
        long base = position();
        for (CopiedTable table : tables) {
            int rows = (int) number("select count(*) from " + table.template());
            int chunk = Math.max(1, ROWS_AT_ONCE / rows);
            String insert = table.insert(
                    new CopiedTable.Copy(first, FIRST_MILLIS, orders, items, perItem, context, producers, perCopy));
            for (int done = 0; done < copies; done += chunk) {
                try (PreparedStatement statement = connection.prepareStatement(insert)) {
                    statement.setLong(1, first + done);
                    statement.setLong(2, first + Math.min(copies, done + chunk) - 1);
                    statement.executeUpdate();
                }
            }
        }
        number("select setval('farandole.journal_position', " + (base + (long) copies * eventsPerCopy()) + ")");
        if (context.equals("stock")) {
            showStock(base);
        }
        movePositions();
        for (CopiedTable table : tables) {
            execute("vacuum (analyze) " + table.name());
        }
    }

    /** The view of products, as its projection would have written it. */
    private void showStock(long after) throws SQLException {
        execute(
                """
                update app.product_stock s
                set available = s.available - m.reserved + m.released,
                    reserved = s.reserved + m.reserved - m.released - m.sold,
                    sold = s.sold + m.sold
                from (select aggregate_id,
                        coalesce(sum(quantity) filter (where payload_type = 'stock.pieces-reserved'), 0) as reserved,
                        coalesce(sum(quantity) filter (where payload_type = 'stock.pieces-released'), 0) as released,
                        coalesce(sum(quantity) filter (where payload_type = 'stock.pieces-sold'), 0) as sold
                    from (select aggregate_id, payload_type, (payload::json->>'quantity')::bigint as quantity
                        from farandole.journal
                        where position > %d and own and payload_type like 'stock.pieces-%%') q
                    group by aggregate_id) m
                where m.aggregate_id = s.product_id
                """
                        .formatted(after));
        execute("vacuum (analyze) app.product_stock");
    }

    /** Has relay and processors go on at the end of the journal, and gives back what a killed service has claimed. */
    private void movePositions() throws SQLException {
        if (number("select count(*) from farandole.token_entry where segment >= 0 and processor <> '__identifier'"
                        + " and token_type is distinct from 'farandole.token.sequence'")
                > 0) {
            throw new IllegalStateException("A processor of " + context + " has not got anywhere yet");
        }
        execute("update farandole.token_entry set owner = null, position = (select last_value from"
                + " farandole.journal_position), token = (select json_build_object('kind', token_type, 'position',"
                + " last_value)::text from farandole.journal_position) where processor <> '__identifier'");
        execute("update farandole.relay_position set position = (select last_value from farandole.journal_position)");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
