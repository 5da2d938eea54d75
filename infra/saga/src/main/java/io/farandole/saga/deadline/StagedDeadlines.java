package io.farandole.saga.deadline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * What a unit of work schedules and cancels, written together before it commits: one round trip for all cancellations, one
 * for all new deadlines. A deadline that is cancelled in the unit of work that scheduled it is never written.
 */
final class StagedDeadlines {

    private final DeadlineStore store;
    private final String resource = StagedDeadlines.class.getName() + System.identityHashCode(this);

    StagedDeadlines(DeadlineStore store) {
        this.store = store;
    }

    private static final class Stage {
        final List<DeadlineStore.Row> scheduled = new ArrayList<>();
        final Set<String> cancelled = new HashSet<>();
        final Set<DeadlineStore.Scope> cancelledScopes = new HashSet<>();
        /** Everything cancelled in this unit of work, flushed or not: a deadline in the same batch is not heard of. */
        final Set<String> everCancelled = new HashSet<>();
        /** The same by scope; what is scheduled later in the unit of work has another id and has not passed. */
        final Set<DeadlineStore.Scope> everCancelledScopes = new HashSet<>();

        boolean flushing;

        boolean isEmpty() {
            return scheduled.isEmpty() && cancelled.isEmpty() && cancelledScopes.isEmpty();
        }
    }

    void schedule(DeadlineStore.Row row) {
        Stage stage = stage();
        if (stage == null) {
            store.insert(List.of(row));
        } else {
            stage.scheduled.add(row);
        }
    }

    void cancel(String id) {
        Stage stage = stage();
        if (stage == null) {
            store.cancel(List.of(id), List.of());
        } else if (!stage.scheduled.removeIf(row -> row.id().equals(id))) {
            stage.cancelled.add(id);
            stage.everCancelled.add(id);
        }
    }

    void cancel(DeadlineStore.Scope scope) {
        Stage stage = stage();
        if (stage == null) {
            store.cancel(List.of(), List.of(scope));
        } else {
            stage.scheduled.removeIf(row -> row.scope().equals(scope));
            stage.cancelledScopes.add(scope);
            stage.everCancelledScopes.add(scope);
        }
    }

    void cancelAll(String name) {
        List<String> ids = store.idsOf(name);
        Stage stage = stage();
        if (stage == null) {
            if (!ids.isEmpty()) {
                store.cancel(ids, List.of());
            }
        } else {
            stage.scheduled.removeIf(row -> row.scope().name().equals(name));
            stage.cancelled.addAll(ids);
            stage.everCancelled.addAll(ids);
        }
    }

    /** Whether the current unit of work has cancelled a deadline that has passed already. */
    boolean isCancelled(String id, DeadlineStore.Scope scope) {
        if (!CurrentUnitOfWork.isStarted()) {
            return false;
        }
        Stage stage = CurrentUnitOfWork.get().root().getResource(resource);
        return stage != null && (stage.everCancelled.contains(id) || stage.everCancelledScopes.contains(scope));
    }

    private @Nullable Stage stage() {
        if (!CurrentUnitOfWork.isStarted()) {
            return null;
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        Stage stage = root.getOrComputeResource(resource, key -> new Stage());
        if (!stage.flushing) {
            stage.flushing = true;
            root.onPrepareCommit(unit -> flush(stage));
        }
        return stage;
    }

    private void flush(Stage stage) {
        stage.flushing = false;
        if (stage.isEmpty()) {
            return;
        }
        if (!stage.cancelled.isEmpty() || !stage.cancelledScopes.isEmpty()) {
            store.cancel(List.copyOf(stage.cancelled), List.copyOf(stage.cancelledScopes));
        }
        if (!stage.scheduled.isEmpty()) {
            store.insert(List.copyOf(stage.scheduled));
        }
        stage.cancelled.clear();
        stage.cancelledScopes.clear();
        stage.scheduled.clear();
    }
}
