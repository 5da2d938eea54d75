package io.farandole.saga.trip;

import io.farandole.messaging.EventTypes;
import io.farandole.saga.deadline.DeadlinePassed;
import java.time.Duration;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What the sample process hears and says. */
public final class TripMessages {

    public record TripBooked(String tripId, Duration limit) {}

    public record FlightReserved(String tripId, String seat) {}

    public record HotelReserved(String tripId, int room) {}

    public record TripPaid(String tripId) {}

    public record TripWithdrawn(String tripId) {}

    public record TripNoted(String tripId) {}

    public record TripLimit(String tripId, String why) {}

    public record ConfirmTrip(@TargetAggregateIdentifier String tripId) {}

    public record AbandonTrip(@TargetAggregateIdentifier String tripId, String why) {}

    public record TripConfirmed(String tripId) {}

    public record TripAbandoned(String tripId, String why) {}

    public static final EventTypes TYPES = EventTypes.merge(List.of(
            DeadlinePassed.TYPES,
            EventTypes.builder()
                    .event("trip.trip-booked", 1, TripBooked.class, TripBooked::tripId)
                    .event("trip.flight-reserved", 1, FlightReserved.class, FlightReserved::tripId)
                    .event("trip.hotel-reserved", 1, HotelReserved.class, HotelReserved::tripId)
                    .event("trip.trip-paid", 1, TripPaid.class, TripPaid::tripId)
                    .event("trip.trip-withdrawn", 1, TripWithdrawn.class, TripWithdrawn::tripId)
                    .event("trip.trip-noted", 1, TripNoted.class, TripNoted::tripId)
                    .event("trip.trip-limit", 1, TripLimit.class)
                    .event("trip.trip-confirmed", 1, TripConfirmed.class)
                    .event("trip.trip-abandoned", 1, TripAbandoned.class)
                    .build()));

    private TripMessages() {}
}
