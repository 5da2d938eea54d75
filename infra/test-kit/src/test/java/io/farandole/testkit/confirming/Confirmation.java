package io.farandole.testkit.confirming;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
public class Confirmation {

    public record Confirm(@TargetAggregateIdentifier String orderId) {}

    public record Given(String orderId) {}

    @AggregateIdentifier
    private String orderId;

    Confirmation() {}

    @CommandHandler
    Confirmation(Confirm command) {
        apply(new Given(command.orderId()));
    }

    @EventSourcingHandler
    void on(Given event) {
        orderId = event.orderId();
    }
}
