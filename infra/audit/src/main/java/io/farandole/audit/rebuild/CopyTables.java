package io.farandole.audit.rebuild;

import io.farandole.messaging.JsonCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The tables of one read model's copy: made, compared with the live ones, put into them, and dropped. Everything but making and
 * dropping joins the current transaction.
 */
final class CopyTables {

    private static final JsonCodec JSON = new JsonCodec();

    private final JdbcTemplate jdbc;
    private final long rebuild;
    private final List<TableShape> shapes;
    private final boolean limited;

    CopyTables(JdbcTemplate jdbc, long rebuild, List<TableShape> shapes, boolean limited) {
        this.jdbc = jdbc;
        this.rebuild = rebuild;
        this.shapes = List.copyOf(shapes);
        this.limited = limited;
    }

    /** Makes them anew, empty. */
    void make() {
        jdbc.query(
                "select farandole.make_copy(?, ?, ?, ?)",
                row -> {},
                rebuild,
                shapes.get(0).schema(),
                shapes.stream().map(shape -> shape.table().name()).toArray(String[]::new),
                shapes.stream().map(shape -> String.join(",", shape.key())).toArray(String[]::new));
    }

    static void drop(JdbcTemplate jdbc, long rebuild) {
        jdbc.query("select farandole.drop_copy(?)", row -> {}, rebuild);
    }

    /**
     * Has the handlers' statements of this transaction meet the copy: it comes first on the search path. What names a schema itself
     * meets the live tables, as would whoever finds the copy dropped; {@link WrittenTables} finds that. Plans are not kept over a change of the search path, and lookups
     * by index are right for tables that grow from nothing under a plan.
     */
    void meet() {
        String schema = TableShape.copySchema(rebuild);
        Boolean there = jdbc.queryForObject("select to_regnamespace(?) is not null", Boolean.class, schema);
        if (!Boolean.TRUE.equals(there)) {
            throw new CopyBatch.TakenOverException();
        }
        jdbc.query(
                "select set_config('search_path', ? || ', ' || current_setting('search_path'), true),"
                        + " set_config('enable_seqscan', 'off', true)",
                row -> {},
                TableShape.quoted(schema));
    }

    /** Waits for everybody who has read or written the live tables in a transaction that still runs, and lets nobody in. */
    void lockLive() {
        jdbc.execute("lock table " + shapes.stream().map(TableShape::live).collect(Collectors.joining(", "))
                + " in access exclusive mode");
    }

    /** Finds what differs, as this transaction sees it, and tells the first so many rows of each table. */
    Difference difference(long upTo, int examples) {
        jdbc.query(
                "select set_config('enable_seqscan', 'on', true), set_config('enable_nestloop', 'off', true),"
                        + " set_config('work_mem', '64MB', true)",
                row -> {});
        List<Difference.OfTable> tables = new ArrayList<>();
        for (int number = 1; number <= shapes.size(); number++) {
            TableShape shape = shapes.get(number - 1);
            jdbc.update(find(shape, number), limited ? new Object[] {rebuild} : new Object[0]);
            long[] counts = new long[4];
            jdbc.query("select kind, count(*) from " + found(number) + " group by kind", row -> {
                counts[row.getInt(1)] = row.getLong(2);
            });
            Long rows = jdbc.queryForObject("select count(*) from " + shape.copy(rebuild), Long.class);
            tables.add(new Difference.OfTable(
                    shape.table().name(),
                    Objects.requireNonNull(rows),
                    counts[1],
                    counts[2],
                    counts[3],
                    rows(shape, number, examples)));
        }
        jdbc.query("select set_config('enable_nestloop', 'on', true)", row -> {});
        return new Difference(upTo, tables);
    }

    private String found(int number) {
        return TableShape.quoted(TableShape.copySchema(rebuild)) + ".farandole_difference_" + number;
    }

    /** Kinds: 1 missing, 2 extra, 3 different. */
    private String find(TableShape shape, int number) {
        String keys = columns(shape.key(), "");
        String chosen = shape.key().stream()
                .map(column -> "coalesce(l." + TableShape.quoted(column) + ", c." + TableShape.quoted(column) + ")")
                .collect(Collectors.joining(", "));
        String first = TableShape.quoted(shape.key().get(0));
        String unlike = shape.compared().isEmpty() ? "false" : unlike(shape);
        String live = limited
                ? "(select t.* from " + shape.live() + " t where t."
                        + TableShape.quoted(shape.table().owner().orElseThrow().column())
                        + "::text in (select p.process_key from farandole.rebuild_process p where p.rebuild = ?))"
                : shape.live();
        return "insert into " + found(number) + " (" + keys + ", kind) select " + chosen + ", case when l." + first
                + " is null then 1 when c." + first + " is null then 2 else 3 end from " + live + " l full join "
                + shape.copy(rebuild) + " c on " + shape.sameKey("l", "c") + " where l." + first + " is null or c."
                + first
                + " is null or " + unlike;
    }

    private static String unlike(TableShape shape) {
        return "row("
                + shape.compared().stream().map(column -> column.compared("l")).collect(Collectors.joining(", "))
                + ") is distinct from row("
                + shape.compared().stream().map(column -> column.compared("c")).collect(Collectors.joining(", ")) + ")";
    }

    private List<Difference.Row> rows(TableShape shape, int number, int most) {
        List<Difference.Row> rows = new ArrayList<>();
        jdbc.query(
                "select d.kind, to_jsonb(d)::text, to_jsonb(l)::text, to_jsonb(c)::text from (select * from "
                        + found(number)
                        + " order by " + columns(shape.key(), "") + " limit ?) d left join " + shape.live() + " l on "
                        + shape.sameKey("l", "d") + " left join " + shape.copy(rebuild) + " c on "
                        + shape.sameKey("c", "d")
                        + " order by " + columns(shape.key(), "d."),
                row -> {
                    rows.add(row(
                            shape, kind(row.getInt(1)), object(row.getString(2)), row.getString(3), row.getString(4)));
                },
                most);
        return rows;
    }

    private static Difference.Kind kind(int number) {
        return switch (number) {
            case 1 -> Difference.Kind.MISSING;
            case 2 -> Difference.Kind.EXTRA;
            default -> Difference.Kind.DIFFERENT;
        };
    }

    private static Difference.Row row(
            TableShape shape,
            Difference.Kind kind,
            Map<String, @Nullable Object> found,
            @Nullable String liveRow,
            @Nullable String copyRow) {
        Map<String, @Nullable Object> live = liveRow == null ? Map.of() : object(liveRow);
        Map<String, @Nullable Object> copy = copyRow == null ? Map.of() : object(copyRow);
        Map<String, @Nullable Object> key = new LinkedHashMap<>();
        shape.key().forEach(column -> key.put(column, found.get(column)));
        List<Difference.Column> columns = shape.compared().stream()
                .filter(column -> kind != Difference.Kind.DIFFERENT
                        || !Objects.equals(live.get(column.name()), copy.get(column.name())))
                .map(column -> new Difference.Column(column.name(), live.get(column.name()), copy.get(column.name())))
                .toList();
        return new Difference.Row(kind, key, columns);
    }

    @SuppressWarnings("unchecked") // a JSON object's keys are text
    private static Map<String, @Nullable Object> object(String json) {
        return (Map<String, @Nullable Object>) JSON.read(json, Map.class);
    }

    /**
     * Puts what {@link #difference} has found into the live tables. Only rows that differ are touched. First all that is to go, those
     * that refer to others before these; then the rest in the opposite order.
     */
    void putIn() {
        IntStream.iterate(shapes.size(), number -> number > 0, number -> number - 1)
                .forEach(number -> jdbc.update("delete from "
                        + shapes.get(number - 1).live() + " l using " + found(number) + " d where d.kind = 2 and "
                        + shapes.get(number - 1).sameKey("l", "d")));
        for (int number = 1; number <= shapes.size(); number++) {
            TableShape shape = shapes.get(number - 1);
            List<TableShape.Column> changed = shape.compared().stream()
                    .filter(column -> !column.computed())
                    .toList();
            if (!changed.isEmpty()) {
                jdbc.update("update " + shape.live() + " l set "
                        + changed.stream()
                                .map(column ->
                                        TableShape.quoted(column.name()) + " = c." + TableShape.quoted(column.name()))
                                .collect(Collectors.joining(", "))
                        + " from " + found(number) + " d join " + shape.copy(rebuild) + " c on "
                        + shape.sameKey("c", "d")
                        + " where d.kind = 3 and " + shape.sameKey("l", "d"));
            }
            List<String> all = shape.columns().stream()
                    .filter(column -> !column.computed())
                    .map(TableShape.Column::name)
                    .toList();
            jdbc.update("insert into " + shape.live() + " (" + columns(all, "") + ") select " + columns(all, "c.")
                    + " from "
                    + found(number) + " d join " + shape.copy(rebuild) + " c on " + shape.sameKey("c", "d")
                    + " where d.kind = 1");
        }
    }

    private static String columns(List<String> names, String prefix) {
        return names.stream().map(name -> prefix + TableShape.quoted(name)).collect(Collectors.joining(", "));
    }
}
