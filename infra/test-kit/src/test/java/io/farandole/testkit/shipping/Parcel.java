package io.farandole.testkit.shipping;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
public class Parcel {

    public record AnnounceParcel(@TargetAggregateIdentifier String orderId) {}

    public record ParcelPrepared(String orderId, String warehouse) {}

    @AggregateIdentifier
    private String orderId;

    Parcel() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AnnounceParcel command) {
        if (orderId == null) {
            apply(new ParcelPrepared(command.orderId(), "north"));
        }
    }

    @EventSourcingHandler
    void on(ParcelPrepared event) {
        orderId = event.orderId();
    }
}
