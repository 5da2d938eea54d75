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
    }

    /**
     * One of its tables.
     *
     * @param name without a schema
     * @param processKey the column that holds the process that a row depends on, and on no other; empty if rows gather several processes
     * @param leftOut columns that are not compared, because they tell of the handling and not of the events, such as one with default {@code
     *     now()}. A row that is put in takes them from the copy; a row that is changed keeps them
     */
    public record Table(String name, Optional<String> processKey, List<String> leftOut) {

        public Table {
            leftOut = List.copyOf(leftOut);
            if (name.isBlank() || name.contains(".")) {
                throw new IllegalArgumentException(
                        "A read model's table is named without its schema, not '" + name + "'");
            }
        }
    }

    /** Whether every row depends on one process alone, so that some processes can be replayed without the others. */
    public boolean isByProcess() {
        return tables.stream().allMatch(table -> table.processKey().isPresent());
    }
}
