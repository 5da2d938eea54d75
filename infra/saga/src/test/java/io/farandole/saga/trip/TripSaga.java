package io.farandole.saga.trip;

import io.farandole.axon.InterventionDecided;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.saga.trip.TripMessages.AbandonTrip;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripMessages.FlightReserved;
import io.farandole.saga.trip.TripMessages.HotelReserved;
import io.farandole.saga.trip.TripMessages.TripBooked;
import io.farandole.saga.trip.TripMessages.TripLimit;
import io.farandole.saga.trip.TripMessages.TripNoted;
import io.farandole.saga.trip.TripMessages.TripPaid;
import io.farandole.saga.trip.TripMessages.TripWithdrawn;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.jspecify.annotations.Nullable;

/** Confirms a trip when it is booked, paid, and has flight and hotel; abandons it when its time limit passes. */
@Step(
        name = "flight",
        startedBy = TripBooked.class,
        completedBy = FlightReserved.class,
        deadline = "trip-limit",
        compensation = @Compensation(startedBy = TripWithdrawn.class, completedBy = TripWithdrawn.class))
@Step(
        name = "payment",
        startedBy = TripBooked.class,
        completedBy = TripPaid.class,
        deadline = "trip-limit",
        irreversible = "a trip that was paid is refunded by the agency")
public class TripSaga {

    private final Set<String> arrived = new TreeSet<>();
    private @Nullable String deadlineId;

    @StartSaga
    @SagaEventHandler(associationProperty = "tripId")
    public void on(TripBooked event, CommandGateway commands, DeadlineManager deadlines) {
        deadlineId = deadlines.schedule(event.limit(), "trip-limit", new TripLimit(event.tripId(), "time-limit"));
        arrive("booked", event.tripId(), commands, deadlines);
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "tripId")
    public void on(FlightReserved event, CommandGateway commands, DeadlineManager deadlines) {
        arrive("flight", event.tripId(), commands, deadlines);
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "tripId")
    public void on(HotelReserved event, CommandGateway commands, DeadlineManager deadlines) {
        arrive("hotel", event.tripId(), commands, deadlines);
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "tripId")
    public void on(TripPaid event, CommandGateway commands, DeadlineManager deadlines) {
        arrive("paid", event.tripId(), commands, deadlines);
    }

    @SagaEventHandler(associationProperty = "tripId")
    public void on(TripNoted event) {
        arrived.add("noted");
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "tripId")
    public void on(TripWithdrawn event, CommandGateway commands, DeadlineManager deadlines) {
        deadlines.cancelAllWithinScope("trip-limit");
        commands.sendAndWait(new AbandonTrip(event.tripId(), "withdrawn"));
    }

    @EndSaga
    @DeadlineHandler(deadlineName = "trip-limit")
    public void on(TripLimit limit, CommandGateway commands) {
        SagaSteps.failed("payment", limit.why());
        commands.sendAndWait(new AbandonTrip(limit.tripId(), limit.why()));
    }

    @CompensationHandler
    public void giveUp(InterventionDecided decided) {
        arrived.add("given up by " + decided.by());
        SagaSteps.compensated("flight");
    }

    private void arrive(String what, String tripId, CommandGateway commands, DeadlineManager deadlines) {
        arrived.add(what);
        if (arrived.size() == 4) {
            if (deadlineId != null) {
                deadlines.cancelSchedule("trip-limit", deadlineId);
            }
            commands.sendAndWait(new ConfirmTrip(tripId));
            SagaLifecycle.end();
        }
    }
}
