package io.farandole.audit.rebuild;

import java.util.List;
import java.util.Optional;

/**
 * A read model that can be made again from the journal: the processing group of its handlers, and all the tables that these write.
 *
 * @param group the processing group
 * @param tables at least one; those that others refer to before those that refer to them
 */
public record ReadModel(String group, List<Table> tables) {

    public ReadModel {
        tables = List.copyOf(tables);
        if (group.isBlank() || tables.isEmpty()) {
            throw new IllegalArgumentException("A read model has a processing group and at least one table");
        }
        if (tables.stream().map(Table::name).distinct().count() < tables.size()) {
            throw new IllegalArgumentException("Read model " + group + " names a table twice");
        }
        if (tables.stream()
                        .flatMap(table -> table.owner().stream())
                        .map(Owner::kind)
                        .distinct()
                        .count()
                > 1) {
            throw new IllegalArgumentException("Read model " + group + " has rows of processes and rows of aggregates:"
                    + " name the same for all of its tables, or none");
        }
    }

    /** What the events have in common that a row depends on. */
    public enum Kind {
        /** They belong to one process. */
        PROCESS,
        /** They are own events of one aggregate, which may belong to several processes: an order's return is another one than its sale. */
        AGGREGATE
    }

    /**
     * What a row depends on, and on nothing else.
     *
     * @param column that holds the process's key, or the aggregate's id
     */
    public record Owner(Kind kind, String column) {}

    /**
     * One of its tables.
     *
     * @param name without a schema
     * @param owner what each row depends on; empty if rows gather several processes and aggregates
     * @param leftOut columns that are not compared, because they tell of the handling and not of the events, such as one with default {@code
     *     now()}. A row that is put in takes them from the copy; a row that is changed keeps them
     */
    public record Table(String name, Optional<Owner> owner, List<String> leftOut) {

        public Table {
            leftOut = List.copyOf(leftOut);
            if (name.isBlank() || name.contains(".")) {
                throw new IllegalArgumentException(
                        "A read model's table is named without its schema, not '" + name + "'");
            }
        }

        /** Whose rows depend on one process each. */
        public static Table ofProcesses(String name, String column, String... leftOut) {
            return new Table(name, Optional.of(new Owner(Kind.PROCESS, column)), List.of(leftOut));
        }

        /** Whose rows depend on one aggregate each. */
        public static Table ofAggregates(String name, String column, String... leftOut) {
            return new Table(name, Optional.of(new Owner(Kind.AGGREGATE, column)), List.of(leftOut));
        }
    }

    /** What every row depends on alone, so that some can be replayed without the others; empty if there is no such thing. */
    public Optional<Kind> owned() {
        return tables.stream().allMatch(table -> table.owner().isPresent())
                ? tables.get(0).owner().map(Owner::kind)
                : Optional.empty();
    }

    /** Whether rows depend on aggregates. */
    boolean isByAggregate() {
        return owned().filter(Kind.AGGREGATE::equals).isPresent();
    }
}
