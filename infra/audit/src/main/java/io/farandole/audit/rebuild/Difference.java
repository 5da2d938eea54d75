package io.farandole.audit.rebuild;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How live tables differ from what the journal makes of them.
 *
 * @param upTo the position of the journal at which both were looked at
 * @param tables in the order in which the read model names them
 */
public record Difference(long upTo, List<OfTable> tables) {

    public Difference {
        tables = List.copyOf(tables);
    }

    /**
     * Of one table.
     *
     * @param rows in the copy
     * @param missing rows that are not in the live table and should be
     * @param extra rows that are in the live table and should not be
     * @param different rows with another content
     * @param examples the first of them by key, as many as were wanted
     */
    public record OfTable(String table, long rows, long missing, long extra, long different, List<Row> examples) {

        public OfTable {
            examples = List.copyOf(examples);
        }
    }

    /** What is wrong with a row. */
    public enum Kind {
        /** It is not in the live table. */
        MISSING,
        /** It should not be in the live table. */
        EXTRA,
        /** It has another content. */
        DIFFERENT
    }

    /**
     * A row that differs.
     *
     * @param key its primary key, by column
     * @param columns those that differ; of a missing or an extra row all of them
     */
    public record Row(Kind kind, Map<String, @Nullable Object> key, List<Column> columns) {

        public Row {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of a row that differs.
     *
     * @param live its value in the live table; null also if there is no row
     * @param rebuilt its value in the copy; null also if there is no row
     */
    public record Column(String name, @Nullable Object live, @Nullable Object rebuilt) {}

    /** Whether there is none. */
    public boolean isNone() {
        return count() == 0;
    }

    /** How many rows differ. */
    public long count() {
        return tables.stream()
                .mapToLong(table -> table.missing() + table.extra() + table.different())
                .sum();
    }

    /** In words. */
    String words() {
        long missing = tables.stream().mapToLong(OfTable::missing).sum();
        long extra = tables.stream().mapToLong(OfTable::extra).sum();
        long different = tables.stream().mapToLong(OfTable::different).sum();
        return missing + " missing, " + extra + " too many, " + different + " different";
    }
}
