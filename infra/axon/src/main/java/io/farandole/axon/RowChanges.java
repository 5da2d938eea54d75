package io.farandole.axon;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a read model's rows: what the events of a unit of work change is loaded by one question before the commit, and not
 * by one for each event. For projections that are processors of their own as for those that are subscribed to commands.
 *
 * <p>Guarantees: the changes take place in the transaction of the unit of work, in the order in which they were asked for, each
 * on the row as the one before has left it. What a change throws, rolls back all of them. What an inner unit of work asked for that
 * was rolled back by itself does not take place. Until the commit begins, rows are as
 * they were: do not read them in the same unit of work.
 *
 * <p>Outside of a unit of work a change takes place at once. Thread-safe; what is waiting is in the unit of work.
 *
 * @param <K> a row's key
 * @param <R> a row; managed by whoever loads it, such as JPA, so that changing it is enough
 */
public final class RowChanges<K, R> {

    private final Function<? super Collection<K>, ? extends Collection<R>> load;
    private final Function<? super R, ? extends K> keyOf;
    private final Consumer<? super R> insert;
    private final String resource = RowChanges.class.getName() + System.identityHashCode(this);

    /**
     * Changes of one table.
     *
     * @param load the rows of these keys, as many as there are, in any order; called once for many changes
     * @param keyOf a row's key
     * @param insert keeps a row that a change has made
     */
    public RowChanges(
            Function<? super Collection<K>, ? extends Collection<R>> load,
            Function<? super R, ? extends K> keyOf,
            Consumer<? super R> insert) {
        this.load = load;
        this.keyOf = keyOf;
        this.insert = insert;
    }

    /** What happens to one row. */
    @FunctionalInterface
    public interface Change<R> {

        /**
         * Changes the row, or makes it.
         *
         * @param row null if there is none yet
         * @return the row; a new one is inserted; null if there is still to be none
         */
        @Nullable R apply(@Nullable R row);
    }

    private record Asked<K, R>(K key, Change<R> change, @Nullable UnitOfWork<?> by) {

        /** An inner unit of work that failed takes what it asked for with it; those around it may go on. */
        boolean stands() {
            UnitOfWork<?> unit = by;
            while (unit != null) {
                if (unit.isRolledBack()) {
                    return false;
                }
                unit = unit.parent().orElse(null);
            }
            return true;
        }
    }

    /** Asks for a change of the row with that key. */
    public void change(K key, Change<R> change) {
        if (!CurrentUnitOfWork.isStarted()) {
            apply(List.of(new Asked<>(key, change, null)));
            return;
        }
        UnitOfWork<?> current = CurrentUnitOfWork.get();
        UnitOfWork<?> root = current.root();
        List<Asked<K, R>> waiting = root.getOrComputeResource(resource, name -> new ArrayList<>());
        if (waiting.isEmpty()) {
            // Also while it prepares its commit already, as subscribed handlers do: it comes after what waits there.
            root.onPrepareCommit(unit -> applyAll(waiting));
        }
        waiting.add(new Asked<>(key, change, current));
    }

    private void applyAll(List<Asked<K, R>> waiting) {
        List<Asked<K, R>> changes = waiting.stream().filter(Asked::stands).toList();
        waiting.clear();
        if (!changes.isEmpty()) {
            apply(changes);
        }
    }

    private void apply(List<Asked<K, R>> changes) {
        Set<K> keys = new LinkedHashSet<>();
        changes.forEach(asked -> keys.add(asked.key));
        Map<K, R> rows = load.apply(keys).stream().collect(Collectors.toMap(keyOf, row -> row));
        for (Asked<K, R> asked : changes) {
            R before = rows.get(asked.key);
            R after = asked.change.apply(before);
            if (after != null && before == null) {
                insert.accept(after);
                rows.put(asked.key, after);
            }
        }
    }
}
