package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowChangesTest {

    private final Map<String, Row> table = new HashMap<>();
    private final List<List<String>> loads = new ArrayList<>();
    private final RowChanges<String, Row> changes = new RowChanges<>(this::load, Row::key, this::insert);

    private static final class Row {
        private final String key;
        private final List<String> seen = new ArrayList<>();

        Row(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }
    }

    private List<Row> load(Collection<String> keys) {
        loads.add(List.copyOf(keys));
        return keys.stream().map(table::get).filter(Objects::nonNull).toList();
    }

    private void insert(Row row) {
        if (table.put(row.key, row) != null) {
            throw new IllegalStateException("There is a row " + row.key);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        while (CurrentUnitOfWork.isStarted()) {
            CurrentUnitOfWork.get().rollback();
        }
    }

    @Test
    void oneQuestionServesAllChangesOfAUnitOfWork() {
        insert(new Row("a"));
        UnitOfWork<?> unit = start();
        note("a", "1");
        note("b", "2");
        note("a", "3");
        note("b", "4");
        assertThat(loads).isEmpty();
        unit.commit();
        assertThat(loads).containsExactly(List.of("a", "b"));
        assertThat(seen("a")).containsExactly("1", "3");
        assertThat(seen("b")).containsExactly("2", "4");
    }

    @Test
    void changesOfInnerUnitsOfWorkAndOfHandlersAtTheCommitAreServedToo() {
        UnitOfWork<?> unit = start();
        unit.onPrepareCommit(u -> note("a", "2"));
        unit.onPrepareCommit(u -> note("b", "3"));
        UnitOfWork<?> inner = start();
        note("a", "1");
        inner.commit();
        unit.onPrepareCommit(u -> note("a", "4"));
        unit.commit();
        assertThat(seen("a")).containsExactly("1", "2", "4");
        assertThat(seen("b")).containsExactly("3");
        // What inner units of work asked for had its hook before the others had theirs.
        assertThat(loads.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void whatIsNotToBeIsNotInserted() {
        UnitOfWork<?> unit = start();
        changes.change("a", row -> row);
        unit.commit();
        assertThat(table).isEmpty();
    }

    @Test
    void aChangeThatThrowsRollsTheUnitOfWorkBack() {
        UnitOfWork<?> unit = start();
        note("a", "1");
        changes.change("b", row -> {
            throw new IllegalStateException("no b");
        });
        assertThatThrownBy(unit::commit).hasMessage("no b");
        assertThat(unit.isRolledBack()).isTrue();
    }

    @Test
    void whatWasRolledBackIsForgotten() {
        UnitOfWork<?> unit = start();
        note("a", "1");
        unit.rollback();
        UnitOfWork<?> next = start();
        note("a", "2");
        next.commit();
        assertThat(seen("a")).containsExactly("2");
    }

    @Test
    void whatAnInnerUnitOfWorkAskedForGoesWithIt() {
        UnitOfWork<?> unit = start();
        note("a", "1");
        UnitOfWork<?> inner = start();
        note("a", "2");
        note("b", "3");
        inner.rollback();
        unit.commit();
        assertThat(seen("a")).containsExactly("1");
        assertThat(table).containsOnlyKeys("a");
    }

    @Test
    void withoutAUnitOfWorkAChangeTakesPlaceAtOnce() {
        note("a", "1");
        assertThat(seen("a")).containsExactly("1");
    }

    private void note(String key, String what) {
        changes.change(key, row -> {
            Row there = row == null ? new Row(key) : row;
            there.seen.add(what);
            return there;
        });
    }

    private List<String> seen(String key) {
        return Objects.requireNonNull(table.get(key)).seen;
    }

    private static UnitOfWork<?> start() {
        return DefaultUnitOfWork.startAndGet(new GenericMessage<>("m"));
    }
}
