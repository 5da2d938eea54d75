package io.farandole.audit.state;

import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.modelling.command.inspection.AggregateModel;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate as its events make it, through Axon's own model: without a repository, a cache, a snapshot or an event bus, so that nothing
 * that its handlers apply goes anywhere. Used by one thread.
 */
final class Fold<T> {

    private final AggregateFactory<T> factory;
    private final AggregateModel<T> model;
    private @Nullable EventSourcedAggregate<T> aggregate;
    private @Nullable T root;

    Fold(AggregateFactory<T> factory, AggregateModel<T> model) {
        this.factory = factory;
        this.model = model;
    }

    /** Applies the next event; what a handler throws is thrown as it is. */
    @SuppressWarnings(
            "NullAway") // no event bus: while an aggregate is initialised, Axon publishes nothing, and asks for none
    void apply(DomainEventMessage<?> event) {
        if (aggregate == null) {
            T made = factory.createAggregateRoot(event.getAggregateIdentifier(), event);
            root = made;
            aggregate = EventSourcedAggregate.initialize(made, model, null, NoSnapshotTriggerDefinition.TRIGGER);
        }
        aggregate.initializeState(DomainEventStream.of(event));
    }

    /** The aggregate; null before its first event. */
    @Nullable T root() {
        return root;
    }

    boolean isDeleted() {
        EventSourcedAggregate<T> current = aggregate;
        return current != null && current.isDeleted();
    }
}
