package io.farandole.saga;

import io.farandole.axon.ProcessFailedException;
import io.farandole.eventstore.RoundTrip;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.saga.ResourceInjector;
import org.jspecify.annotations.Nullable;

/**
 * The sagas of one type that the current unit of work is about: loaded with one question, written with one statement before it
 * commits. Thread-safe; everything is kept in the unit of work.
 */
final class SagasOfUnit<T> implements Sagas<T> {

    private final String sagaType;
    private final KeyedSagaStore store;
    private final SagaStateCodec<T> states;
    private final StepPlan plan;
    private final Clock clock;
    private final ResourceInjector resources;
    private final @Nullable SagaDeadlines deadlines;
    private final String resource;

    SagasOfUnit(
            String sagaType,
            KeyedSagaStore store,
            SagaStateCodec<T> states,
            StepPlan plan,
            Clock clock,
            ResourceInjector resources,
            @Nullable SagaDeadlines deadlines) {
        this.sagaType = sagaType;
        this.store = store;
        this.states = states;
        this.plan = plan;
        this.clock = clock;
        this.resources = resources;
        this.deadlines = deadlines;
        this.resource = SagasOfUnit.class.getName() + "." + sagaType;
    }

    /** What was asked for before: of these keys these rows. */
    private record Asked(Set<String> keys, Map<String, KeyedSagaStore.Row> rows) {}

    @Override
    public void ask(Set<String> processKeys, RoundTrip first) {
        if (store.isIn(first) && !processKeys.isEmpty()) {
            Asked asked = new Asked(processKeys, new HashMap<>());
            store.load(sagaType, processKeys, asked.rows(), first);
            CurrentUnitOfWork.get().root().resources().put(resource + ".asked", asked);
        }
    }

    @Override
    public void load(Set<String> processKeys) {
        load(sagasOfUnit(), processKeys);
    }

    @Override
    public KeyedSaga<T> of(String processKey) {
        Map<String, KeyedSaga<T>> sagas = sagasOfUnit();
        if (!sagas.containsKey(processKey)) {
            load(sagas, Set.of(processKey));
        }
        KeyedSaga<T> saga = sagas.get(processKey);
        if (saga == null) {
            throw new IllegalStateException("Saga " + sagaType + " of process " + processKey + " was not loaded");
        }
        return saga;
    }

    @Override
    public boolean isActive(String processKey) {
        KeyedSagaStore.Row row = store.load(sagaType, List.of(processKey)).get(processKey);
        return row != null && !row.ended();
    }

    private Map<String, KeyedSaga<T>> sagasOfUnit() {
        if (!CurrentUnitOfWork.isStarted()) {
            throw new IllegalStateException("Saga " + sagaType
                    + " handles events in the unit of work of an event processor," + " and there is none");
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        return root.getOrComputeResource(resource, key -> {
            Map<String, KeyedSaga<T>> sagas = new TreeMap<>();
            root.onPrepareCommit(unit -> save(sagas.values()));
            return sagas;
        });
    }

    private void load(Map<String, KeyedSaga<T>> sagas, Set<String> processKeys) {
        List<String> missing =
                processKeys.stream().filter(key -> !sagas.containsKey(key)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Asked asked = CurrentUnitOfWork.get().root().getResource(resource + ".asked");
        Map<String, KeyedSagaStore.Row> rows =
                asked != null && asked.keys().containsAll(missing) ? asked.rows() : store.load(sagaType, missing);
        for (String key : missing) {
            sagas.put(key, saga(key, rows.get(key)));
        }
    }

    private KeyedSaga<T> saga(String processKey, KeyedSagaStore.@Nullable Row row) {
        if (row == null) {
            return new KeyedSaga<>(sagaType, processKey, 0, null, false, steps(processKey, List.of()));
        }
        StepLog steps = steps(processKey, KeyedSagaStore.steps(row.steps()));
        if (row.ended()) {
            return new KeyedSaga<>(sagaType, processKey, row.version(), null, true, steps);
        }
        try {
            UnknownFields unknown = new UnknownFields();
            T instance = states.read(row.state(), row.stateVersion(), processKey, unknown);
            resources.injectResources(instance);
            KeyedSaga<T> saga = new KeyedSaga<>(sagaType, processKey, row.version(), instance, false, steps);
            saga.handOn(unknown);
            return saga;
        } catch (RuntimeException e) {
            throw new ProcessFailedException(processKey, e);
        }
    }

    private StepLog steps(String processKey, List<StepView> entries) {
        StepLimits limits = deadlines == null ? StepLimits.NONE : deadlines.limits(sagaType, processKey);
        return new StepLog(plan, entries, clock, limits);
    }

    private void save(Collection<KeyedSaga<T>> sagas) {
        List<KeyedSagaStore.Write> writes = new ArrayList<>();
        for (KeyedSaga<T> saga : sagas) {
            T instance = saga.instance();
            if (saga.touched() && instance != null) {
                writes.add(new KeyedSagaStore.Write(
                        saga.processKey(),
                        saga.version(),
                        write(saga, instance),
                        saga.ended(),
                        saga.steps().changed()
                                ? KeyedSagaStore.json(saga.steps().entries())
                                : null));
            }
        }
        if (!writes.isEmpty()) {
            store.save(sagaType, states.version(), writes);
        }
    }

    private String write(KeyedSaga<T> saga, T instance) {
        try {
            return states.write(instance, saga.unknownFields());
        } catch (RuntimeException e) {
            throw new ProcessFailedException(saga.processKey(), e);
        }
    }
}
