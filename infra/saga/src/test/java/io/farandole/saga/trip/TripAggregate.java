package io.farandole.saga.trip;

import io.farandole.saga.trip.TripMessages.AbandonTrip;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripMessages.TripAbandoned;
import io.farandole.saga.trip.TripMessages.TripConfirmed;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** Says yes once, and throws if it is asked a second time: an effect that is doubled shows. */
public class TripAggregate {

    @AggregateIdentifier
    private @Nullable String tripId;

    protected TripAggregate() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public void handle(ConfirmTrip command) {
        refuseSecond(command.tripId());
        AggregateLifecycle.apply(new TripConfirmed(command.tripId()));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public void handle(AbandonTrip command) {
        refuseSecond(command.tripId());
        AggregateLifecycle.apply(new TripAbandoned(command.tripId(), command.why()));
    }

    private void refuseSecond(String id) {
        if (tripId != null || id.startsWith("refused")) {
            throw new IllegalStateException("Trip " + id + " is decided already");
        }
    }

    @EventSourcingHandler
    public void on(TripConfirmed event) {
        tripId = event.tripId();
    }

    @EventSourcingHandler
    public void on(TripAbandoned event) {
        tripId = event.tripId();
    }
}
