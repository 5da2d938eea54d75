package io.farandole.boot;

import io.farandole.saga.step.StepPlan;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What the sagas of this context consist of, by the names under which they are stored. Thread-safe. */
public final class SagaPlans {

    private final Map<String, StepPlan> plans = new ConcurrentSkipListMap<>();

    void add(StepPlan plan) {
        plans.put(plan.saga(), plan);
    }

    /** The plans of all sagas that Axon's configuration has set up so far: of all of them, once the context has started. */
    public List<StepPlan> all() {
        Collection<StepPlan> all = plans.values();
        return List.copyOf(all);
    }
}
