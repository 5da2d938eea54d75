package io.farandole.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** An aggregate that counts its events. */
final class Counter {

    /** How often one was made: for the first event, or to be loaded. */
    static final AtomicInteger LOADS = new AtomicInteger();

    /** Always one more; the new number. */
    record Tick(@TargetAggregateIdentifier String key) {}

    /** One more if it stands at this number; the number then. */
    record TickIfAt(@TargetAggregateIdentifier String key, int number) {}

    /** Refused unless it stands at this number. */
    record RequireAt(@TargetAggregateIdentifier String key, int number) {}

    /** One more, and then a failure. */
    record TickAndFail(@TargetAggregateIdentifier String key) {}

    @AggregateIdentifier
    private String key;

    private int number;

    @SuppressWarnings("NullAway.Init") // filled by the first event
    Counter() {
        LOADS.incrementAndGet();
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    int handle(Tick command) {
        apply(new Ticked(command.key(), number + 1));
        return number;
    }

    @CommandHandler
    int handle(TickIfAt command) {
        if (number == command.number()) {
            apply(new Ticked(command.key(), number + 1));
        }
        return number;
    }

    @CommandHandler
    int handle(RequireAt command) {
        if (number != command.number()) {
            throw new IllegalStateException("at " + number);
        }
        return number;
    }

    @CommandHandler
    void handle(TickAndFail command) {
        apply(new Ticked(command.key(), number + 1));
        throw new IllegalStateException("after the event");
    }

    @EventSourcingHandler
    void on(Ticked event) {
        key = event.key();
        number = event.number();
    }
}
