package io.farandole.saga;

import io.farandole.axon.ProcessFailedException;
import io.farandole.eventstore.RoundTrip;
import io.farandole.saga.step.StepPlan;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.saga.ResourceInjector;
import org.jspecify.annotations.Nullable;

/**
 * Sagas whose rows are kept in memory, for a replay. A saga is written and read between any two events, as the store's are between two
 * batches: so what its state does not hold is lost here as it is there, and what cannot be read back is told. Used by one thread.
 */
final class SagasInMemory<T> implements Sagas<T> {

    private final StepPlan plan;
    private final SagaStateCodec<T> states;
    private final ResourceInjector resources;
    private final Clock clock;
    private final SagaDeadlines deadlines;
    private final Map<String, KeyedSagaStore.Row> rows = new HashMap<>();

    SagasInMemory(
            StepPlan plan, SagaStateCodec<T> states, ResourceInjector resources, Clock clock, SagaDeadlines deadlines) {
        this.plan = plan;
        this.states = states;
        this.resources = resources;
        this.clock = clock;
        this.deadlines = deadlines;
    }

    KeyedSagaStore.@Nullable Row row(String processKey) {
        return rows.get(processKey);
    }

    void forget() {
        rows.clear();
    }

    @Override
    public void ask(Set<String> processKeys, RoundTrip first) {
        // They are here.
    }

    @Override
    public void load(Set<String> processKeys) {
        // They are here.
    }

    @Override
    public boolean isActive(String processKey) {
        KeyedSagaStore.Row row = rows.get(processKey);
        return row != null && !row.ended();
    }

    @Override
    public KeyedSaga<T> of(String processKey) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        return unit.getOrComputeResource(SagasInMemory.class.getName() + processKey, key -> {
            KeyedSaga<T> saga = read(processKey, rows.get(processKey));
            unit.onPrepareCommit(committing -> write(saga));
            return saga;
        });
    }

    private KeyedSaga<T> read(String processKey, KeyedSagaStore.@Nullable Row row) {
        StepLimits limits = deadlines.limits(plan.saga(), processKey);
        StepLog steps = new StepLog(plan, row == null ? List.of() : KeyedSagaStore.steps(row.steps()), clock, limits);
        if (row == null || row.ended()) {
            return new KeyedSaga<>(plan.saga(), processKey, row == null ? 0 : row.version(), null, row != null, steps);
        }
        try {
            UnknownFields unknown = new UnknownFields();
            T instance = states.read(row.state(), row.stateVersion(), processKey, unknown);
            resources.injectResources(instance);
            KeyedSaga<T> saga = new KeyedSaga<>(plan.saga(), processKey, row.version(), instance, false, steps);
            saga.handOn(unknown);
            return saga;
        } catch (RuntimeException e) {
            throw new ProcessFailedException(processKey, e);
        }
    }

    private void write(KeyedSaga<T> saga) {
        T instance = saga.instance();
        if (!saga.touched() || instance == null) {
            return;
        }
        try {
            rows.put(
                    saga.processKey(),
                    new KeyedSagaStore.Row(
                            states.write(instance, saga.unknownFields()),
                            states.version(),
                            saga.version() + 1,
                            saga.ended(),
                            KeyedSagaStore.json(saga.steps().entries())));
        } catch (RuntimeException e) {
            throw new ProcessFailedException(saga.processKey(), e);
        }
    }
}
