package io.farandole.audit.rebuild;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A live table as the catalogue describes it.
 *
 * @param schema where it is
 * @param table what the read model says of it
 * @param columns in their order
 * @param key the columns of its primary key, in their order
 */
record TableShape(String schema, ReadModel.Table table, List<Column> columns, List<String> key) {

    private static final String SCHEMA =
            "select n.nspname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                    + " where c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(?)) and c.relkind in ('r', 'p')";

    /** An index's columns are counted from 0. */
    private static final String COLUMNS =
            """
            select a.attname, t.typname, a.attgenerated <> '',
                   a.attidentity <> '' or coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%',
                   coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)
              from pg_catalog.pg_attribute a
              join pg_catalog.pg_type t on t.oid = a.atttypid
              left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
              left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
             where a.attrelid = pg_catalog.to_regclass(pg_catalog.quote_ident(?)) and a.attnum > 0 and not a.attisdropped
             order by a.attnum""";

    private static final String TRIGGERS =
            "select tgname from pg_catalog.pg_trigger where tgrelid = pg_catalog.to_regclass(pg_catalog.quote_ident(?))"
                    + " and not tgisinternal order by tgname";

    /** Types without an operator that tells equal from unequal. */
    private static final Set<String> COMPARED_AS_TEXT =
            Set.of("json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle");

    /**
     * A column.
     *
     * @param computed from other columns by PostgreSQL
     * @param numbered by a sequence
     * @param inKey its place in the primary key, from 1; 0 if it has none
     */
    record Column(String name, String type, boolean computed, boolean numbered, int inKey) {

        String compared(String alias) {
            return alias + "." + quoted(name) + (COMPARED_AS_TEXT.contains(type) ? "::text" : "");
        }
    }

    /**
     * Reads what a table is like.
     *
     * @throws RefusedException if it is not there, or no copy of it would tell the truth
     */
    static TableShape read(JdbcTemplate jdbc, String group, ReadModel.Table table) {
        String name = table.name();
        Optional<String> schema =
                jdbc.queryForList(SCHEMA, String.class, name).stream().findFirst();
        if (schema.isEmpty()) {
            throw new RefusedException("There is no table " + name + " on the data source's search path: correct"
                    + " farandole.audit.read-models." + group
                    + ".tables, or set currentSchema in the data source's URL");
        }
        List<Column> columns = jdbc.query(
                COLUMNS,
                (row, number) -> new Column(
                        row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4), row.getInt(5)),
                name);
        List<String> key = columns.stream()
                .filter(column -> column.inKey() > 0)
                .sorted(java.util.Comparator.comparingInt(Column::inKey))
                .map(Column::name)
                .toList();
        TableShape shape = new TableShape(schema.get(), table, columns, key);
        shape.refuseWhatCannotBeCopied(jdbc, group);
        return shape;
    }

    private void refuseWhatCannotBeCopied(JdbcTemplate jdbc, String group) {
        String name = table.name();
        if (key.isEmpty()) {
            throw new RefusedException(
                    "Table " + name + " has no primary key, so its rows cannot be told apart: give it one");
        }
        columns.stream().filter(Column::numbered).findFirst().ifPresent(column -> {
            throw new RefusedException("Column " + name + "." + column.name()
                    + " is numbered by a sequence, which gives other numbers in a copy: derive it from the events");
        });
        List<String> triggers = jdbc.queryForList(TRIGGERS, String.class, name);
        if (!triggers.isEmpty()) {
            throw new RefusedException("Table " + name + " has the trigger " + triggers.get(0)
                    + ", which a copy would not have: do its work in the handlers");
        }
        List<String> named = new java.util.ArrayList<>(table.leftOut());
        table.owner().map(ReadModel.Owner::column).ifPresent(named::add);
        for (String column : named) {
            if (columns.stream().noneMatch(each -> each.name().equals(column))) {
                throw new RefusedException("Table " + name + " has no column " + column
                        + ": correct farandole.audit.read-models." + group + ".tables");
            }
        }
        table.leftOut().stream().filter(key::contains).findFirst().ifPresent(column -> {
            throw new RefusedException("Column " + name + "." + column
                    + " is in the primary key and cannot be left out: correct farandole.audit.read-models." + group
                    + ".tables");
        });
    }

    String live() {
        return quoted(schema) + "." + quoted(table.name());
    }

    String copy(long rebuild) {
        return quoted(copySchema(rebuild)) + "." + quoted(table.name());
    }

    static String copySchema(long rebuild) {
        return "farandole_copy_" + rebuild;
    }

    List<Column> compared() {
        return columns.stream()
                .filter(column ->
                        !key.contains(column.name()) && !table.leftOut().contains(column.name()))
                .toList();
    }

    /** {@code a.k = b.k and ...}. */
    String sameKey(String one, String other) {
        return key.stream()
                .map(column -> one + "." + quoted(column) + " = " + other + "." + quoted(column))
                .collect(Collectors.joining(" and "));
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
