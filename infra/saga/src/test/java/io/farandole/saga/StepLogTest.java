package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.axon.Decision;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.OnTimeLimit;
import io.farandole.saga.step.Step;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StepLogTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final StepPlan PLAN = StepPlan.of(Booking.class, "Booking", event -> true, Set.of("limit"));

    private final StepLog log = new StepLog(PLAN, List.of(), Clock.fixed(NOW, ZoneOffset.UTC), StepLimits.NONE);

    @Test
    void followsAStepToItsEnd() {
        log.heard(Booked.class, "e1", true);
        assertThat(log.entries())
                .containsExactly(
                        new StepView("flight", StepStatus.PENDING, 1, NOW, NOW, "e1", false, null, null, null),
                        new StepView("hotel", StepStatus.PENDING, 1, NOW, NOW, "e1", false, null, null, null));
        log.heard(FlightHeld.class, "e2", false);
        log.heard(HotelFull.class, "e3", false);
        assertThat(statuses()).isEqualTo(Map.of("flight", StepStatus.SUCCEEDED, "hotel", StepStatus.FAILED));
        assertThat(entry("hotel").error()).isEqualTo("HotelFull");
        assertThat(entry("hotel").event()).isEqualTo("e3");
    }

    @Test
    void undoesWhatIsDoneOrUnderWay() {
        hear(Booked.class, FlightHeld.class, HotelFull.class, Cancelled.class);
        assertThat(statuses()).isEqualTo(Map.of("flight", StepStatus.COMPENSATING, "hotel", StepStatus.FAILED));
        hear(FlightLetGo.class);
        assertThat(statuses()).isEqualTo(Map.of("flight", StepStatus.COMPENSATED, "hotel", StepStatus.FAILED));
    }

    @Test
    void endsTheSameInWhateverOrderTheForeignEventsCome() {
        List<Class<?>> foreign =
                new ArrayList<>(List.of(FlightHeld.class, HotelFull.class, Cancelled.class, FlightLetGo.class));
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            Collections.shuffle(foreign, random);
            StepLog any = new StepLog(PLAN, List.of(), Clock.systemUTC(), StepLimits.NONE);
            any.heard(Booked.class, "e0", true);
            foreign.forEach(event -> any.heard(event, event.getSimpleName(), false));
            assertThat(status(any, "flight")).as("%s", foreign).isEqualTo(StepStatus.COMPENSATED);
            assertThat(status(any, "hotel")).as("%s", foreign).isEqualTo(StepStatus.FAILED);
        }
    }

    @Test
    void anEndBeforeTheBeginningStands() {
        hear(FlightHeld.class);
        assertThat(entry("flight").attempt()).isZero();
        log.heard(Booked.class, "e2", true);
        assertThat(entry("flight").status()).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(entry("flight").attempt()).isEqualTo(1);
    }

    @Test
    void whatWasGivenUpBeforeItsBeginningIsSkipped() {
        hear(Cancelled.class);
        assertThat(entry("flight").status()).isEqualTo(StepStatus.SKIPPED);
        hear(FlightLetGo.class, FlightHeld.class);
        assertThat(entry("flight").status()).isEqualTo(StepStatus.SKIPPED);
    }

    @Test
    void aPassedLimitIsNotedAndDecidesNothing() {
        log.heard(Booked.class, "e1", true);
        log.passed("limit", "d1");
        assertThat(entry("flight").overdue()).isTrue();
        assertThat(entry("flight").status()).isEqualTo(StepStatus.PENDING);
        log.heard(FlightHeld.class, "e2", false);
        assertThat(entry("flight").status()).isEqualTo(StepStatus.SUCCEEDED);
        log.passed("limit", "d2");
        assertThat(entry("flight").event()).isEqualTo("e2");
        log.passed("another", "d3");
        assertThat(entry("hotel").event()).isEqualTo("d2");
    }

    @Test
    void countsAttempts() {
        log.heard(Booked.class, "e1", true);
        hear(FlightTriedAgain.class, FlightTriedAgain.class);
        assertThat(entry("flight").attempt()).isEqualTo(3);
        assertThat(entry("hotel").attempt()).isEqualTo(1);
    }

    @Test
    void whatAPersonLeavesOutIsNotAwaitedAnyMore() {
        log.heard(Booked.class, "e1", true);
        log.leftOut(FlightHeld.class, "e2", Decision.SKIP, "d1");
        assertThat(entry("flight").status()).isEqualTo(StepStatus.SKIPPED);
        assertThat(entry("flight").error()).isEqualTo("skip by decision d1");
        assertThat(entry("hotel").status()).isEqualTo(StepStatus.PENDING);
        log.leftOut(HotelHeld.class, "e3", Decision.RESOLVE, "d2");
        assertThat(entry("hotel").status()).isEqualTo(StepStatus.SUCCEEDED);
        log.leftOut(HotelHeld.class, "e4", Decision.DISCARD, "d3");
        assertThat(entry("hotel").event()).isEqualTo("e3");
    }

    @Test
    void keepsWhatAnotherVersionOfTheSagaWrote() {
        StepView foreign = new StepView("ferry", StepStatus.PENDING, 1, NOW, NOW, "e0", false, null, null, null);
        StepLog newer = new StepLog(PLAN, List.of(foreign), Clock.fixed(NOW, ZoneOffset.UTC), StepLimits.NONE);
        newer.heard(FlightHeld.class, "e1", false);
        assertThat(newer.entries()).contains(foreign).hasSize(2);
    }

    @Test
    void saysOfAStepThatItDoesNotKnowThatNobodyListenedToItsEnd() {
        StepView open = new StepView("ferry", StepStatus.PENDING, 1, NOW, NOW, "e0", false, null, null, null);
        StepView done = new StepView("train", StepStatus.SUCCEEDED, 1, NOW, NOW, "e0", false, null, null, null);
        StepView ownOpen = new StepView("flight", StepStatus.PENDING, 1, NOW, NOW, "e0", false, null, null, null);
        Instant end = NOW.plusSeconds(5);
        StepLog older =
                new StepLog(PLAN, List.of(open, done, ownOpen), Clock.fixed(end, ZoneOffset.UTC), StepLimits.NONE);
        older.sagaEnded();
        assertThat(older.changed()).isTrue();
        assertThat(older.entries())
                .containsExactly(
                        new StepView(
                                "ferry",
                                StepStatus.PENDING,
                                1,
                                NOW,
                                end,
                                "e0",
                                false,
                                StepView.NOT_FOLLOWED,
                                null,
                                null),
                        done,
                        ownOpen);
    }

    @Test
    void isUnchangedByWhatConcernsNoStep() {
        hear(Noted.class);
        assertThat(log.changed()).isFalse();
        assertThat(log.entries()).isEmpty();
    }

    @Test
    void readsBackWhatItHasWritten() {
        hear(Booked.class, FlightHeld.class, HotelFull.class);
        assertThat(KeyedSagaStore.steps(KeyedSagaStore.json(log.entries()))).containsExactlyElementsOf(log.entries());
    }

    @Test
    void refusesAStepThatIsNotDeclared() {
        assertThatThrownBy(() -> log.note("ferry", StepStatus.FAILED, "none", "e1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Saga Booking declares no step 'ferry'; it has [flight, hotel]");
    }

    @Test
    void keepsATimeLimitFromTheBeginningToTheEndAndAnewForEachAttempt() {
        List<String> limits = new ArrayList<>();
        StepLog kept = new StepLog(
                StepPlan.of(Approval.class, "Approval", event -> true, Set.of("limit")),
                List.of(),
                Clock.systemUTC(),
                new StepLimits() {
                    @Override
                    public void schedule(String deadline, Duration in) {
                        limits.add("schedule " + deadline + " " + in);
                    }

                    @Override
                    public void cancel(String deadline) {
                        limits.add("cancel " + deadline);
                    }
                });
        kept.heard(Booked.class, "e1", true);
        kept.heard(FlightTriedAgain.class, "e2", false);
        kept.heard(HotelHeld.class, "e3", false);
        kept.heard(FlightTriedAgain.class, "e4", false);
        assertThat(limits)
                .containsExactly(
                        "schedule (step) approval PT10S",
                        "cancel (step) approval",
                        "schedule (step) approval PT10S",
                        "cancel (step) approval");

        StepLog late = new StepLog(
                StepPlan.of(Approval.class, "Approval", event -> true, Set.of("limit")),
                List.of(),
                Clock.systemUTC(),
                new StepLimits() {
                    @Override
                    public void schedule(String deadline, Duration in) {}

                    @Override
                    public void cancel(String deadline) {}
                });
        late.heard(FlightTriedAgain.class, "e1", false);
        late.passed("(step) approval", "d1");
        late.heard(HotelHeld.class, "e2", false);
        assertThat(status(late, "approval")).isEqualTo(StepStatus.FAILED);
        assertThat(late.entries()).first().extracting(StepView::error).isEqualTo("took longer than 10 s");
    }

    private void hear(Class<?>... events) {
        for (Class<?> event : events) {
            log.heard(event, event.getSimpleName(), event == Booked.class);
        }
    }

    private StepView entry(String step) {
        return log.entries().stream()
                .filter(e -> e.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    private static StepStatus status(StepLog any, String step) {
        return any.entries().stream()
                .filter(e -> e.step().equals(step))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private Map<String, StepStatus> statuses() {
        return log.entries().stream().collect(Collectors.toMap(StepView::step, StepView::status));
    }

    @Step(
            name = "flight",
            startedBy = {Booked.class, FlightTriedAgain.class},
            completedBy = FlightHeld.class,
            deadline = "limit",
            compensation = @Compensation(startedBy = Cancelled.class, completedBy = FlightLetGo.class))
    @Step(
            name = "hotel",
            completedBy = HotelHeld.class,
            failedBy = HotelFull.class,
            deadline = "limit",
            compensation = @Compensation(startedBy = Cancelled.class, completedBy = HotelLetGo.class))
    private static final class Booking {}

    @Step(
            name = "approval",
            startedBy = {Booked.class, FlightTriedAgain.class},
            completedBy = HotelHeld.class,
            timeLimit = "10 s",
            onTimeLimit = OnTimeLimit.FAIL,
            irreversible = "a person's word")
    private static final class Approval {}

    private record Booked() {}

    private record FlightTriedAgain() {}

    private record FlightHeld() {}

    private record FlightLetGo() {}

    private record HotelHeld() {}

    private record HotelFull() {}

    private record HotelLetGo() {}

    private record Cancelled() {}

    private record Noted() {}
}
