package io.farandole.saga;

import static io.farandole.saga.trip.TripWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.PendingDeadline;
import io.farandole.saga.outside.OutsideCallObserver;
import io.farandole.saga.outside.OutsideCallSettings;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.payroll.OlderPayrollSaga;
import io.farandole.saga.payroll.Participants;
import io.farandole.saga.payroll.PayrollMessages;
import io.farandole.saga.payroll.PayrollMessages.BookPayroll;
import io.farandole.saga.payroll.PayrollMessages.BookingRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsReleased;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PaySalaries;
import io.farandole.saga.payroll.PayrollMessages.PayTaxes;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.PayrollCommand;
import io.farandole.saga.payroll.PayrollMessages.ReclaimSalaries;
import io.farandole.saga.payroll.PayrollMessages.ReclaimTaxes;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.payroll.PayrollMessages.ReserveFunds;
import io.farandole.saga.payroll.PayrollMessages.SalariesPaid;
import io.farandole.saga.payroll.PayrollMessages.SalariesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.TaxesPaid;
import io.farandole.saga.payroll.PayrollMessages.TaxesReclaimed;
import io.farandole.saga.payroll.PayrollSaga;
import io.farandole.saga.status.ProcessStatus;
import io.farandole.saga.status.ProcessStatuses;
import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationCompleted;
import io.farandole.saga.step.OnTimeLimit;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import io.farandole.saga.trip.TripWorld;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The undoing of a payroll, event by event, over PostgreSQL; the participants answer nothing by themselves. */
class UndoingIT {

    private static TripWorld world;
    private static Participants participants;
    private static KeyedSagaInvoker<PayrollSaga> payrolls;

    enum Cut {
        AFTER_THE_HANDLER,
        BEFORE_WRITING,
        BEFORE_THE_COMMIT,
        CONNECTION_LOST
    }

    @BeforeAll
    static void open() {
        world = new TripWorld(PayrollMessages.TYPES);
        participants = new Participants(world.commands, world.events);
        for (Class<? extends PayrollCommand> command : List.of(
                ReserveFunds.class,
                PaySalaries.class,
                PayTaxes.class,
                BookPayroll.class,
                ReleaseFunds.class,
                ReclaimSalaries.class,
                ReclaimTaxes.class)) {
            participants.answer(command, id -> null);
        }
        payrolls = invoker(PayrollSaga.class);
    }

    static <T> KeyedSagaInvoker<T> invoker(Class<T> type) {
        return KeyedSagaInvoker.builder(type, world.sagas, world.codec)
                .name("PayrollSaga")
                .deadlines(world.deadlines)
                .properties(text -> text.replace("${payroll.funds-limit}", "30 s"))
                .parameters(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(type),
                        new SimpleResourceParameterResolverFactory(List.of(world.gateway))))
                .build();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void keepsTheTimeLimitOfAStepInItsTransactionAndCancelsItInThatOfItsEnd() {
        String payroll = "limits";
        world.handle(payrolls, event(payroll, new PayrollCalculated(payroll)));
        assertThat(deadlines(payroll)).containsExactly("(step) funds");
        world.handle(payrolls, event(payroll, new FundsReserved(payroll, "r")));
        assertThat(deadlines(payroll)).containsExactlyInAnyOrder("(step) salaries", "(step) taxes");
        world.handle(payrolls, event(payroll, new SalariesPaid(payroll)), event(payroll, new TaxesPaid(payroll)));
        assertThat(deadlines(payroll)).containsExactly("(step) booking");
        assertThat(world.count("select count(*) from farandole.passed_deadline"))
                .isZero();
    }

    @Test
    void writesWhereTheUndoingStands() {
        String payroll = "log";
        untilBooking(payroll);
        world.handle(payrolls, event(payroll, new BookingRefused(payroll)));
        assertThat(deadlines(payroll)).containsExactlyInAnyOrder("(compensation) salaries", "(compensation) taxes");
        world.handle(payrolls, event(payroll, new TaxesReclaimed(payroll)));
        assertThat(rows(payroll))
                .containsExactly(
                        "funds SUCCEEDED 1",
                        "salaries COMPENSATING 1",
                        "taxes COMPENSATED 1",
                        "booking FAILED 1",
                        "(undoing) COMPENSATING 0");
        ProcessStatus.StepLine awaited = line(payroll, "salaries");
        assertThat(awaited.awaits()).containsExactly("SalariesReclaimed");
        assertThat(awaited.deadline()).isAfter(Instant.now());
        assertThat(line(payroll, "taxes").awaits()).isEmpty();
        assertThat(line(payroll, StepView.UNDOING).error()).isEqualTo("step 'booking' has failed: BookingRefused");
        world.handle(payrolls, event(payroll, new SalariesReclaimed(payroll)));
        world.handle(payrolls, event(payroll, new FundsReleased(payroll)));
        assertThat(rows(payroll)).contains("funds COMPENSATED 1", "(undoing) COMPENSATED 0");
        assertThat(world.sagas.ofProcess(payroll).get(0).endedAt()).isNotNull();
        assertThat(deadlines(payroll)).isEmpty();
        assertThat(participants.asked(payroll))
                .containsExactly(
                        "ReserveFunds",
                        "PaySalaries",
                        "PayTaxes",
                        "BookPayroll",
                        "ReclaimTaxes",
                        "ReclaimSalaries",
                        "ReleaseFunds");
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void happensAsAWholeOrNotAtAllWhereverItIsCutOff(Cut cut) {
        String payroll = "cut-" + cut;
        untilBooking(payroll);
        EventMessage<?> refused = event(payroll, new BookingRefused(payroll));
        List<StepView> before = steps(payroll);
        assertThatThrownBy(() -> world.handle(payrolls, List.of(refused), new CutOff(cut)))
                .isNotNull();
        assertThat(steps(payroll)).isEqualTo(before);
        assertThat(deadlines(payroll)).containsExactly("(step) booking");
        assertThat(participants.asked(payroll)).doesNotContain("ReclaimTaxes", "ReclaimSalaries");

        world.handle(payrolls, refused);
        EventMessage<?> reclaimed = event(payroll, new SalariesReclaimed(payroll));
        world.handle(payrolls, event(payroll, new TaxesReclaimed(payroll)));
        assertThatThrownBy(() -> world.handle(payrolls, List.of(reclaimed), new CutOff(cut)))
                .isNotNull();
        assertThat(step(payroll, "salaries").status()).isEqualTo(StepStatus.COMPENSATING);
        assertThat(participants.asked(payroll)).doesNotContain("ReleaseFunds");

        world.handle(payrolls, reclaimed);
        world.handle(payrolls, event(payroll, new FundsReleased(payroll)));
        assertThat(participants.asked(payroll).stream().filter("ReleaseFunds"::equals))
                .hasSize(1);
        assertThat(world.sagas.ofProcess(payroll).get(0).endedAt()).isNotNull();
    }

    @Test
    void handlesAWholeBatchOfItInOneTransaction() {
        String payroll = "batch";
        untilBooking(payroll);
        world.handle(
                payrolls,
                event(payroll, new BookingRefused(payroll)),
                event(payroll, new TaxesReclaimed(payroll)),
                event(payroll, new SalariesReclaimed(payroll)),
                event(payroll, new SalariesReclaimed(payroll)),
                event(payroll, new FundsReleased(payroll)),
                event(payroll, new FundsReleased(payroll)));
        assertThat(world.sagas.ofProcess(payroll).get(0).endedAt()).isNotNull();
        assertThat(world.count("select count(*) from farandole.scheduled_tasks where process_key = ?", payroll))
                .isZero();
    }

    @Test
    void aLimitThatHasPassedIsNotHeardOfOnceTheStepHasEnded() {
        String payroll = "passed";
        world.handle(payrolls, event(payroll, new PayrollCalculated(payroll)));
        EventMessage<?> passed = passed(payroll, "(step) funds");
        world.handle(payrolls, event(payroll, new FundsReserved(payroll, "r")), passed);
        assertThat(steps(payroll)).noneMatch(step -> step.step().equals(StepView.UNDOING));
        assertThat(step(payroll, "funds").overdue()).isFalse();
    }

    @Test
    void anAlertTellsOfAStepAndOfItsCompensation() {
        String payroll = "alert";
        world.handle(payrolls, event(payroll, new PayrollCalculated(payroll)));
        world.handle(payrolls, event(payroll, new FundsReserved(payroll, "r")));
        world.handle(payrolls, passed(payroll, "(step) salaries"));
        assertThat(step(payroll, "salaries").overdue()).isTrue();
        assertThat(raised(payroll)).containsExactly("step salaries, PENDING");
        world.handle(payrolls, event(payroll, new SalariesPaid(payroll)));
        assertThat(step(payroll, "salaries").overdue()).isFalse();
        assertThat(raised(payroll)).isEmpty();
        world.handle(payrolls, passed(payroll, "(compensation) salaries"));
        assertThat(raised(payroll)).containsExactly("step salaries, COMPENSATING");
        assertThat(raised(payroll)).isEmpty();
    }

    @Test
    void anOlderVersionBesideLeavesToTheNewerOneWhatItCannotUndo() {
        String payroll = "versions";
        KeyedSagaInvoker<OlderPayrollSaga> older = invoker(OlderPayrollSaga.class);
        world.handle(payrolls, event(payroll, new PayrollCalculated(payroll)));
        world.handle(older, event(payroll, new FundsReserved(payroll, "r")));
        world.handle(payrolls, event(payroll, new SalariesPaid(payroll)), event(payroll, new TaxesPaid(payroll)));
        List<StepView> before = steps(payroll);
        assertThatThrownBy(() -> world.handle(older, event(payroll, new BookingRefused(payroll))))
                .hasMessageContaining(
                        "has step 'booking' open (PENDING), which this version of the saga's class does not declare");
        assertThat(steps(payroll)).isEqualTo(before);

        world.handle(payrolls, event(payroll, new BookingRefused(payroll)));
        world.handle(payrolls, event(payroll, new SalariesReclaimed(payroll)));
        world.handle(payrolls, event(payroll, new TaxesReclaimed(payroll)));
        world.handle(older, event(payroll, new FundsReleased(payroll)));
        assertThat(world.sagas.ofProcess(payroll).get(0).endedAt()).isNotNull();
    }

    @Test
    void refusesAMethodThatWouldHaveItsStepUndoneForEver() {
        String payroll = "for-ever";
        KeyedSagaInvoker<Endless> endless = KeyedSagaInvoker.builder(Endless.class, world.sagas, world.codec)
                .build();
        assertThatThrownBy(() -> world.handle(endless, event(payroll, new TaxesPaid(payroll))))
                .hasMessageContaining("must not note it as succeeded");
        assertThat(world.sagas.ofProcess(payroll)).isEmpty();
    }

    @Step(name = "taxes", startedBy = TaxesPaid.class, completedBy = TaxesPaid.class, compensation = @Compensation)
    static class Endless {

        @StartSaga
        @SagaEventHandler(associationProperty = "payrollId")
        void on(TaxesPaid event) {
            SagaSteps.compensate("at once");
        }

        @Compensates("taxes")
        void reclaim() {
            SagaSteps.succeeded("taxes");
        }

        @CompensationCompleted
        void undone() {}
    }

    @Test
    void callsTheHandlerOfATimeLimitThatHasOne() {
        String payroll = "approval";
        KeyedSagaInvoker<Approval> approvals = KeyedSagaInvoker.builder(Approval.class, world.sagas, world.codec)
                .deadlines(world.deadlines)
                .build();
        world.handle(approvals, event(payroll, new PayrollCalculated(payroll)));
        assertThat(deadlines(payroll)).containsExactly("approval-limit");
        PendingDeadline pending = world.deadlines.pending(payroll).get(0);
        world.handle(
                approvals,
                event(
                        payroll,
                        new DeadlinePassed(
                                pending.deadlineId(),
                                "Approval",
                                payroll,
                                "approval-limit",
                                pending.dueAt(),
                                null,
                                0,
                                null)));
        assertThat(step(payroll, "approval").status()).isEqualTo(StepStatus.FAILED);
        assertThat(world.sagas.ofProcess(payroll).get(0).endedAt()).isNotNull();
    }

    @Step(
            name = "approval",
            completedBy = TaxesPaid.class,
            timeLimit = "1 h",
            deadline = "approval-limit",
            onTimeLimit = OnTimeLimit.FAIL,
            irreversible = "a person's word")
    static class Approval {

        private int late;

        @StartSaga
        @SagaEventHandler(associationProperty = "payrollId")
        void on(PayrollCalculated event) {}

        @SagaEventHandler(associationProperty = "payrollId")
        void on(TaxesPaid event) {}

        @EndSaga
        @DeadlineHandler(deadlineName = "approval-limit")
        void tooLate() {
            late = late + 1;
        }
    }

    private static void untilBooking(String payroll) {
        world.handle(payrolls, event(payroll, new PayrollCalculated(payroll)));
        world.handle(payrolls, event(payroll, new FundsReserved(payroll, "r")));
        world.handle(payrolls, event(payroll, new SalariesPaid(payroll)), event(payroll, new TaxesPaid(payroll)));
    }

    private record CutOff(Cut cut) implements TripWorld.Meanwhile {

        @Override
        public void beforeEach(BatchingUnitOfWork<EventMessage<?>> unit) {
            unit.onPrepareCommit(u -> fail(Cut.BEFORE_WRITING));
            unit.onCommit(u -> {
                fail(Cut.BEFORE_THE_COMMIT);
                if (cut == Cut.CONNECTION_LOST) {
                    Integer backend = world.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
                    world.admin.queryForList("select pg_terminate_backend(?)", backend);
                }
            });
        }

        @Override
        public void afterEach(BatchingUnitOfWork<EventMessage<?>> unit) {
            fail(Cut.AFTER_THE_HANDLER);
        }

        private void fail(Cut here) {
            if (here == cut) {
                throw new IllegalStateException("cut off " + here);
            }
        }
    }

    private static EventMessage<?> passed(String payroll, String deadline) {
        PendingDeadline pending = world.deadlines.pending(payroll).stream()
                .filter(it -> it.deadlineName().equals(deadline))
                .findFirst()
                .orElseThrow();
        return event(
                payroll,
                new DeadlinePassed(
                        pending.deadlineId(), "PayrollSaga", payroll, deadline, pending.dueAt(), null, 0, null));
    }

    private static ProcessStatus.StepLine line(String payroll, String step) {
        OutsideCalls none = new OutsideCalls(
                world.dataSource,
                world.transactions,
                world.commands,
                world.codec,
                List.of(),
                OutsideCallSettings.DEFAULTS,
                OutsideCallObserver.NONE);
        ProcessStatuses statuses = new ProcessStatuses(
                "payroll",
                () -> List.of(payrolls.plan()),
                world.sagas,
                world.deadlines,
                none,
                key -> List.of(),
                world.transactions);
        return statuses.of(payroll).sagas().get(0).steps().stream()
                .filter(it -> it.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> raised(String payroll) {
        return world.jdbc.queryForList(
                "select detail from farandole.raise_alerts(100) where process_key = ?", String.class, payroll);
    }

    private static List<String> deadlines(String payroll) {
        return world.deadlines.pending(payroll).stream()
                .map(PendingDeadline::deadlineName)
                .toList();
    }

    private static List<String> rows(String payroll) {
        return world.jdbc.queryForList(
                "select step || ' ' || status || ' ' || attempt from farandole.saga_step where process_key = ?"
                        + " order by number",
                String.class,
                payroll);
    }

    private static List<StepView> steps(String payroll) {
        return world.sagas.ofProcess(payroll).get(0).steps();
    }

    private static StepView step(String payroll, String name) {
        Map<String, StepView> byName = steps(payroll).stream().collect(Collectors.toMap(StepView::step, step -> step));
        return Objects.requireNonNull(byName.get(name));
    }
}
