package io.farandole.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table whose rows belong to orders, and how they are copied.
 *
 * @param schema where it is
 * @param table its name there
 * @param key the column that holds the order's id
 * @param columns types by names, in order; without those that the database fills by itself
 */
record CopiedTable(String schema, String table, String key, Map<String, String> columns) {

    /** What stands for the first part of an id in a template: 12 hexadecimal digits and a hyphen. */
    static final String ID_MARK = "@id@";

    /** What stands for a product's id in a template. */
    static final String ITEM_MARK = "@item@";

    private static final String FIND =
            """
            select c.table_schema, c.table_name, c.column_name, c.data_type, c.column_name in ('process_key', 'order_id')
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema in ('farandole', 'app') and t.table_type = 'BASE TABLE' and c.is_identity = 'NO'
                and c.table_name not like 'parked%'
            order by c.table_schema, c.table_name, c.ordinal_position
            """;

    /**
     * What differs from copy to copy.
     *
     * @param first number of the first of these copies
     * @param firstMillis the time in the ids of copy 0, in milliseconds since 1970
     * @param orders orders in a copy
     * @param items products that the copies go round
     * @param perItem events of its product that an order has
     * @param context whose table it is
     * @param bases where each context's journal stands before the copies
     * @param perCopy events per copy in each context's journal
     */
    record Copy(
            long first,
            long firstMillis,
            int orders,
            int items,
            long perItem,
            String context,
            Map<String, Long> bases,
            Map<String, Integer> perCopy) {}

    /** Those of a context that have a column for an order's id, but for those of parked processes. */
    static List<CopiedTable> of(Connection connection) throws SQLException {
        Map<String, CopiedTable> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(FIND)) {
            while (rows.next()) {
                String schema = rows.getString(1);
                String table = rows.getString(2);
                CopiedTable known = found.computeIfAbsent(
                        schema + "." + table, name -> new CopiedTable(schema, table, "", new LinkedHashMap<>()));
                known.columns().put(rows.getString(3), rows.getString(4));
                if (rows.getBoolean(5)) {
                    found.put(schema + "." + table, new CopiedTable(schema, table, rows.getString(3), known.columns()));
                }
            }
        }
        return found.values().stream().filter(table -> !table.key().isEmpty()).toList();
    }

    String name() {
        return schema + "." + table;
    }

    /** The table that holds the rows to be copied. */
    String template() {
        return "bench." + schema + "_" + table;
    }

    boolean isJournal() {
        return name().equals("farandole.journal");
    }

    List<String> textColumns() {
        return columns.entrySet().stream()
                .filter(column -> column.getValue().equals("text"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The statement that inserts copies; its parameters are the numbers of the first and the last. */
    String insert(Copy copy) {
        List<String> values = new ArrayList<>();
        columns.forEach(
                (column, type) -> values.add(isJournal() ? journalValue(column, type, copy) : value(column, type)));
        return String.format(
                Locale.ROOT,
                "insert into %s (%s) select %s from (select g.k, g.k - %d as n,"
                        + " regexp_replace(lpad(to_hex(%d + g.k), 12, '0'), '^(.{8})', '\\1-') as id"
                        + " from generate_series(?::bigint, ?::bigint) as g (k) offset 0) c"
                        + " cross join %s t join bench.item b on b.item = (c.n * %d + t.bench_i) %% %d"
                        + " order by c.k, t.bench_ordinal",
                name(),
                String.join(", ", columns.keySet()),
                String.join(", ", values),
                copy.first(),
                copy.firstMillis(),
                template(),
                copy.orders(),
                copy.items());
    }

    private static String value(String column, String type) {
        return switch (type) {
            case "text" ->
                "replace(replace(t." + column + ", '" + ID_MARK + "', c.id), '" + ITEM_MARK + "', 'p-' || b.item)";
            case "timestamp with time zone" -> "t." + column + " + c.n * interval '1 millisecond'";
            default -> "t." + column;
        };
    }

    private static String journalValue(String column, String type, Copy copy) {
        return switch (column) {
            case "position" -> position(copy, copy.context(), "t.bench_ordinal");
            case "sequence" ->
                "case when t.bench_item_ordinal is null then t.sequence else b.next + (c.n * " + copy.orders()
                        + " + t.bench_i) / " + copy.items() + " * " + copy.perItem() + " + t.bench_item_ordinal end";
            case "source_sequence" -> {
                StringBuilder cases = new StringBuilder("case t.source");
                copy.bases().keySet().stream().sorted().forEach(source -> cases.append(" when '")
                        .append(source)
                        .append("' then ")
                        .append(position(copy, source, "t.bench_source_ordinal")));
                yield cases.append(" end").toString();
            }
            default -> value(column, type);
        };
    }

    private static String position(Copy copy, String source, String ordinal) {
        return copy.bases().getOrDefault(source, 0L) + " + 1 + c.n * "
                + copy.perCopy().getOrDefault(source, 0) + " + " + ordinal;
    }
}
