package io.farandole.testkit.holiday;

import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationCompleted;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.OnFailure;
import io.farandole.saga.step.OnTimeLimit;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.saga.step.WhileCompensating;
import io.farandole.testkit.holiday.HolidayMessages.BookRoom;
import io.farandole.testkit.holiday.HolidayMessages.CancelRoom;
import io.farandole.testkit.holiday.HolidayMessages.CancellationRefused;
import io.farandole.testkit.holiday.HolidayMessages.FlightBooked;
import io.farandole.testkit.holiday.HolidayMessages.FlightGivenBack;
import io.farandole.testkit.holiday.HolidayMessages.FlightRefused;
import io.farandole.testkit.holiday.HolidayMessages.HolidayPaid;
import io.farandole.testkit.holiday.HolidayMessages.HolidayWanted;
import io.farandole.testkit.holiday.HolidayMessages.PaymentRefused;
import io.farandole.testkit.holiday.HolidayMessages.RoomBooked;
import io.farandole.testkit.holiday.HolidayMessages.RoomCancelled;
import io.farandole.testkit.holiday.HolidayMessages.RoomRefused;
import io.farandole.testkit.holiday.HolidayMessages.TellCustomer;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.springframework.beans.factory.annotation.Autowired;

/** A room from the hotel's context, a flight and the money from systems outside; the room first, the money last. */
@Step(
        name = "room",
        completedBy = RoomBooked.class,
        failedBy = RoomRefused.class,
        onFailure = OnFailure.COMPENSATE,
        timeLimit = "${holiday.room-within}",
        onTimeLimit = OnTimeLimit.COMPENSATE,
        compensation =
                @Compensation(
                        completedBy = RoomCancelled.class,
                        failedBy = CancellationRefused.class,
                        timeLimit = "1 h"))
@Step(
        name = "flight",
        startedBy = RoomBooked.class,
        completedBy = FlightBooked.class,
        failedBy = FlightRefused.class,
        onFailure = OnFailure.COMPENSATE,
        outsideCall = "book-flight",
        compensation = @Compensation(completedBy = FlightGivenBack.class, timeLimit = "1 h"))
@Step(
        name = "payment",
        startedBy = FlightBooked.class,
        completedBy = HolidayPaid.class,
        failedBy = PaymentRefused.class,
        onFailure = OnFailure.COMPENSATE,
        outsideCall = "pay",
        irreversible = "it is the last step")
public class HolidaySaga {

    static final String REMINDER = "reminder";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient OutsideCalls calls;

    private String holidayId = "";
    private String room = "";

    @StartSaga
    @SagaEventHandler(associationProperty = "holidayId")
    void on(HolidayWanted event, DeadlineManager deadlines) {
        holidayId = event.holidayId();
        commands.sendAndWait(new BookRoom(holidayId));
        deadlines.schedule(Duration.ofSeconds(10), REMINDER);
    }

    @WhileCompensating
    @SagaEventHandler(associationProperty = "holidayId")
    void on(RoomBooked event, DeadlineManager deadlines) {
        room = event.room();
        deadlines.cancelAllWithinScope(REMINDER);
        if (!SagaSteps.isCompensating()) {
            calls.request(OutsideCall.of("book-flight", holidayId, room));
        }
    }

    @SagaEventHandler(associationProperty = "holidayId")
    void on(FlightBooked event) {
        calls.request(OutsideCall.of("pay", holidayId, 700));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "holidayId")
    void on(HolidayPaid event) {
        commands.sendAndWait(new TellCustomer(holidayId, "booked"));
    }

    @DeadlineHandler(deadlineName = REMINDER)
    void remind() {
        commands.sendAndWait(new TellCustomer(holidayId, "still asking for a room"));
    }

    @SagaEventHandler(associationProperty = "holidayId")
    void on(RoomRefused event) {}

    @SagaEventHandler(associationProperty = "holidayId")
    void on(RoomCancelled event) {}

    @SagaEventHandler(associationProperty = "holidayId")
    void on(CancellationRefused event) {}

    @SagaEventHandler(associationProperty = "holidayId")
    void on(FlightRefused event) {}

    @SagaEventHandler(associationProperty = "holidayId")
    void on(FlightGivenBack event) {}

    @SagaEventHandler(associationProperty = "holidayId")
    void on(PaymentRefused event) {}

    @Compensates("room")
    void cancelRoom() {
        commands.sendAndWait(new CancelRoom(holidayId, room));
    }

    /** By a call outside, whose answer an event tells. */
    @Compensates("flight")
    void giveFlightBack() {
        calls.request(OutsideCall.of("give-flight-back", holidayId, room));
    }

    @EndSaga
    @CompensationCompleted
    void undone() {
        commands.sendAndWait(new TellCustomer(holidayId, "no holiday"));
    }

    @CompensationHandler
    void isGivenUp() {
        commands.sendAndWait(new TellCustomer(holidayId, "somebody will call"));
    }
}
