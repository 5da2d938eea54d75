package io.farandole.testkit.holiday;

/** What the saga hears and sends. */
public final class HolidayMessages {

    private HolidayMessages() {}

    public record HolidayWanted(String holidayId) {}

    public record RoomBooked(String holidayId, String room) {}

    public record RoomRefused(String holidayId) {}

    public record RoomCancelled(String holidayId) {}

    public record CancellationRefused(String holidayId) {}

    public record FlightBooked(String holidayId) {}

    public record FlightRefused(String holidayId) {}

    public record FlightGivenBack(String holidayId) {}

    public record HolidayPaid(String holidayId) {}

    public record PaymentRefused(String holidayId) {}

    public record BookRoom(String holidayId) {}

    public record CancelRoom(String holidayId, String room) {}

    public record TellCustomer(String holidayId, String what) {}
}
