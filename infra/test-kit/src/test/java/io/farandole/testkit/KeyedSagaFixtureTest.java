package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.whatif.SagaVersion;
import io.farandole.axon.Decision;
import io.farandole.saga.ReplayedDeadlines.Pending;
import io.farandole.saga.SagaKeyMismatchException;
import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.step.Step;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
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
import io.farandole.testkit.holiday.HolidaySaga;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class KeyedSagaFixtureTest {

    private final KeyedSagaFixture<HolidaySaga> saga = holiday();

    private static KeyedSagaFixture<HolidaySaga> holiday() {
        return KeyedSagaFixture.of(
                SagaVersion.forTest(HolidaySaga.class)
                        .properties(text -> text.replace("${holiday.room-within}", "30 s")),
                "h-1");
    }

    @Test
    void aHolidayIsBookedStepByStep() {
        assertThat(saga.hasStarted()).isFalse();
        SagaReaction begun = saga.handle(new HolidayWanted("h-1"));
        assertThat(begun.commands()).containsExactly(new BookRoom("h-1"));
        assertThat(begun.scheduled()).hasSize(2);
        assertThat(saga.steps()).containsExactly(Map.entry("room", StepStatus.PENDING));
        assertThat(saga.handle(new RoomBooked("h-1", "12")).outsideCalls())
                .containsExactly(OutsideCall.of("book-flight", "h-1", "12"));
        assertThat(saga.handle(new FlightBooked("h-1")).outsideCalls())
                .containsExactly(OutsideCall.of("pay", "h-1", 700));
        assertThat(saga.handle(new HolidayPaid("h-1")).commands()).containsExactly(new TellCustomer("h-1", "booked"));
        assertThat(saga.hasEnded()).isTrue();
        assertThat(saga.steps())
                .containsEntry("room", StepStatus.SUCCEEDED)
                .containsEntry("flight", StepStatus.SUCCEEDED)
                .containsEntry("payment", StepStatus.SUCCEEDED)
                .hasSize(3);
        assertThat(saga.handle(new FlightRefused("h-1")).isNothing())
                .as("it has ended")
                .isTrue();
    }

    @Test
    void whatWasBookedIsUndoneInReverseOrder() {
        saga.handle(new HolidayWanted("h-1"));
        saga.handle(new RoomBooked("h-1", "12"));
        saga.handle(new FlightBooked("h-1"));

        // One undoing is a call to a system outside, the other a command: each waits for the event that tells its end.
        SagaReaction refused = saga.handle(new PaymentRefused("h-1"));
        assertThat(refused.outsideCalls()).containsExactly(OutsideCall.of("give-flight-back", "h-1", "12"));
        assertThat(refused.commands()).isEmpty();
        assertThat(saga.steps())
                .containsEntry("flight", StepStatus.COMPENSATING)
                .containsEntry("room", StepStatus.SUCCEEDED);

        assertThat(saga.handle(new FlightGivenBack("h-1")).commands()).containsExactly(new CancelRoom("h-1", "12"));
        assertThat(saga.handle(new RoomCancelled("h-1")).commands())
                .containsExactly(new TellCustomer("h-1", "no holiday"));
        assertThat(saga.hasEnded()).isTrue();
        assertThat(saga.steps()).containsEntry(StepView.UNDOING, StepStatus.COMPENSATED);
    }

    @Test
    void aStepThatTakesTooLongUndoesTheProcess() {
        saga.handle(new HolidayWanted("h-1"));
        assertThat(saga.elapse(Duration.ofSeconds(29)).commands())
                .as("the saga's own deadline")
                .containsExactly(new TellCustomer("h-1", "still asking for a room"));
        assertThat(saga.step("room").overdue()).isFalse();

        assertThat(saga.elapse(Duration.ofSeconds(1)).isNothing())
                .as("a room may still be booked")
                .isTrue();
        assertThat(saga.step("room").overdue()).isTrue();
        assertThat(saga.handle(new RoomBooked("h-1", "12")).commands())
                .as("too late, and so undone; the flight is not asked for")
                .containsExactly(new CancelRoom("h-1", "12"));
        saga.handle(new RoomCancelled("h-1"));
        assertThat(saga.hasEnded()).isTrue();
        assertThat(saga.deadlines()).isEmpty();
    }

    @Test
    void aCompensationThatIsRefusedIsAskedForAgainAfterAWait() {
        saga.handle(new HolidayWanted("h-1"));
        saga.handle(new RoomBooked("h-1", "12"));
        saga.handle(new FlightRefused("h-1"));
        assertThat(saga.handle(new CancellationRefused("h-1")).isNothing()).isTrue();
        assertThat(saga.elapse(Duration.ofMinutes(1)).commands()).containsExactly(new CancelRoom("h-1", "12"));
        assertThat(saga.step("room").attempt()).isGreaterThan(1);
    }

    @Test
    void aPersonGivesItUpOrLeavesAnEventOut() {
        saga.handle(new HolidayWanted("h-1"));
        saga.handle(new RoomBooked("h-1", "12"));
        assertThat(saga.leaveOut(new FlightBooked("h-1"), Decision.SKIP).isNothing())
                .isTrue();
        assertThat(saga.steps()).containsEntry("payment", StepStatus.SKIPPED);
        SagaReaction givenUp = saga.compensate(new HolidayPaid("h-1"));
        assertThat(givenUp.commands()).contains(new TellCustomer("h-1", "somebody will call"));
        assertThat(givenUp.outsideCalls()).containsExactly(OutsideCall.of("give-flight-back", "h-1", "12"));
        assertThatThrownBy(() -> saga.leaveOut(new FlightBooked("h-1"), Decision.RETRY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SKIP or RESOLVE");
    }

    @Test
    void aRefusedRoomLeavesNothingToUndo() {
        saga.handle(new HolidayWanted("h-1"));
        assertThat(saga.handle(new RoomRefused("h-1")).commands())
                .containsExactly(new TellCustomer("h-1", "no holiday"));
        assertThat(saga.hasEnded()).isTrue();
    }

    @Test
    void whatIsNotHeardLiveIsRefused() {
        assertThatThrownBy(() -> saga.handle("something"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no handler for java.lang.String");
        assertThatThrownBy(() -> saga.handle(new HolidayWanted("h-2"))).isInstanceOf(SagaKeyMismatchException.class);
        assertThat(saga.hasStarted()).isFalse();
        assertThatThrownBy(() -> saga.step("room"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Nothing was heard of a step room");
        assertThatThrownBy(() -> saga.elapse(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wrongDeclarationsAreToldAsAtAServicesStart() {
        assertThatThrownBy(() -> KeyedSagaFixture.of(HearsNothing.class, "h-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HearsNothing")
                .hasMessageContaining("RoomBooked");
    }

    /** The handler schedules, commands, and fails: live all of it is rolled back. */
    @Test
    void whatFailsLeavesTheSagaAsItWas() {
        KeyedSagaFixture<Stumbling> stumbling = KeyedSagaFixture.of(
                SagaVersion.forTest(Stumbling.class).reply(BookRoom.class, command -> {
                    throw new CommandExecutionException("full", null);
                }),
                "h-1");
        stumbling.handle(new HolidayWanted("h-1"));
        String before = stumbling.state();
        List<Pending> deadlines = stumbling.deadlines();
        assertThatThrownBy(() -> stumbling.handle(new RoomRefused("h-1")))
                .isInstanceOf(CommandExecutionException.class)
                .hasMessage("full");
        assertThatThrownBy(() -> stumbling.handle(new FlightRefused("h-1")))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(stumbling.state()).isEqualTo(before);
        assertThat(stumbling.deadlines()).isEqualTo(deadlines).hasSize(1);
        assertThatThrownBy(() -> stumbling.elapse(Duration.ofMinutes(1))).hasMessage("not now");
        assertThat(stumbling.deadlines()).as("due again").isEqualTo(deadlines);
        assertThat(stumbling.now()).isEqualTo(deadlines.get(0).dueAt());
    }

    @Test
    void aHandlerThatAsksIsToldThatItIsNotReplaying() {
        KeyedSagaFixture<Stumbling> stumbling = KeyedSagaFixture.of(Stumbling.class, "h-1");
        stumbling.handle(new HolidayWanted("h-1"));
        assertThat(stumbling.state()).contains("\"status\":\"REGULAR\"");
        assertThat(stumbling.handle(new PaymentRefused("h-1")).calls())
                .containsExactly(new SagaReaction.Call("Bell.ring", List.of("h-1", 2)));
    }

    /** Declares a step of whose end it never hears. */
    @Step(name = "room", completedBy = RoomBooked.class, timeLimit = "1 s", irreversible = "no matter")
    static class HearsNothing {

        @StartSaga
        @SagaEventHandler(associationProperty = "holidayId")
        void on(HolidayWanted event) {}
    }

    /** An interface of the application's. */
    interface Bell {
        void ring(String holidayId, int times);
    }

    /** Does things, and fails then. */
    static class Stumbling {

        @Autowired
        private transient CommandGateway commands;

        @Autowired
        private transient Bell bell;

        private String status = "";
        private int heard;

        @StartSaga
        @DisallowReplay
        @SagaEventHandler(associationProperty = "holidayId")
        void on(HolidayWanted event, ReplayStatus replay, DeadlineManager deadlines) {
            status = replay.name();
            deadlines.schedule(Duration.ofSeconds(10), "stumble");
        }

        @SagaEventHandler(associationProperty = "holidayId")
        void on(RoomRefused event, DeadlineManager deadlines) {
            heard++;
            deadlines.schedule(Duration.ofSeconds(1), "another");
            commands.sendAndWait(new BookRoom(event.holidayId()));
        }

        @SagaEventHandler(associationProperty = "holidayId")
        void on(FlightRefused event, DeadlineManager deadlines) throws IOException {
            heard++;
            deadlines.cancelAll("stumble");
            throw new IOException("the line is dead");
        }

        @SagaEventHandler(associationProperty = "holidayId")
        void on(PaymentRefused event) {
            bell.ring(event.holidayId(), heard + 2);
        }

        @DeadlineHandler(deadlineName = "stumble")
        void stumble() {
            throw new IllegalStateException("not now");
        }
    }
}
