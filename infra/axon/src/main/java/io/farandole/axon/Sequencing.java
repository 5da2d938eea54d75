package io.farandole.axon;

import java.util.List;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.async.SequencingPolicy;

/**
 * Which events of a processor are handled in order and never at the same time: those of one key. A key's events are all in one
 * segment, and it is a key that is set aside when one of them fails.
 *
 * <p>Sagas: the process key, always. Other handlers (projections): what the processor's {@link SequencingPolicy} says, {@link
 * #perAggregate()} unless another one is registered. Choose it so that <em>all events that change one row have one key</em>. Where
 * they have not, two segments may change the row at the same time, and one change is lost, unless the row has a version column
 * ({@code @Version}), with which the batch that comes second is repeated.
 *
 * <p>A policy must depend on the event alone, and its keys' hash codes must be the same in every JVM: use strings or numbers.
 * Another policy for a processor that has been in use takes a reset of it (or one segment): segments are at different positions.
 */
public final class Sequencing {

    private Sequencing() {}

    /** An own event's aggregate id; of an event of another context, or of no aggregate, its process key. */
    public static SequencingPolicy<EventMessage<?>> perAggregate() {
        return event -> event instanceof DomainEventMessage<?> domainEvent
                ? domainEvent.getAggregateIdentifier()
                : ProcessKeys.of(event);
    }

    /** The process key: for views whose rows are processes, and gather what several aggregates tell of one. */
    public static SequencingPolicy<EventMessage<?>> perProcess() {
        return ProcessKeys::of;
    }

    /** The key of each event that an invoker handles, as it chooses segments by. */
    static Function<EventMessage<?>, String> keys(EventHandlerInvoker invoker) {
        if (invoker instanceof SimpleEventHandlerInvoker simple) {
            return keys(simple.getSequencingPolicy());
        }
        if (invoker instanceof MultiEventHandlerInvoker several) {
            List<EventHandlerInvoker> delegates = several.delegates();
            if (delegates.stream().allMatch(SimpleEventHandlerInvoker.class::isInstance)) {
                // One processing group has one policy.
                return keys(((SimpleEventHandlerInvoker) delegates.get(0)).getSequencingPolicy());
            }
        }
        return ProcessKeys::of;
    }

    private static Function<EventMessage<?>, String> keys(SequencingPolicy<? super EventMessage<?>> policy) {
        return event -> {
            Object key = policy.getSequenceIdentifierFor(event);
            return key == null ? event.getIdentifier() : key.toString();
        };
    }
}
