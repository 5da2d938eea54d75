package io.farandole.eventstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * What the current unit of work and those around it have published and not yet appended, by aggregate. Axon finds it by
 * comparing all staged events with each other on every load, which in a batch of some hundred commands costs more than
 * the commands. Lives in the root unit of work, and so in one thread.
 */
final class StagedEvents {

    private final Map<String, List<Staged>> byAggregate = new HashMap<>();

    private record Staged(UnitOfWork<?> unitOfWork, DomainEventMessage<?> event) {

        /** A nested unit of work that failed takes its events with it; those around it go on. */
        boolean stands() {
            @Nullable UnitOfWork<?> current = unitOfWork;
            while (current != null) {
                if (current.isRolledBack()) {
                    return false;
                }
                current = current.parent().orElse(null);
            }
            return true;
        }
    }

    /** Notes what was just published, if a unit of work is active. */
    static void stage(String key, List<? extends EventMessage<?>> events) {
        if (!CurrentUnitOfWork.isStarted()) {
            return;
        }
        UnitOfWork<?> current = CurrentUnitOfWork.get();
        StagedEvents staged = current.root().getOrComputeResource(key, name -> {
            current.root().onCleanup(root -> root.resources().remove(key));
            return new StagedEvents();
        });
        for (EventMessage<?> event : events) {
            if (event instanceof DomainEventMessage<?> domain) {
                staged.byAggregate
                        .computeIfAbsent(domain.getAggregateIdentifier(), id -> new ArrayList<>())
                        .add(new Staged(current, domain));
            }
        }
    }

    /** The staged events of an aggregate, in their order. */
    static Stream<? extends DomainEventMessage<?>> of(String key, String aggregateId) {
        if (!CurrentUnitOfWork.isStarted()) {
            return Stream.empty();
        }
        StagedEvents staged = CurrentUnitOfWork.get().root().getResource(key);
        List<Staged> found = staged == null ? null : staged.byAggregate.get(aggregateId);
        return found == null
                ? Stream.empty()
                : found.stream().filter(Staged::stands).map(Staged::event);
    }
}
