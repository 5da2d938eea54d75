package io.farandole.saga.payroll;

import io.farandole.axon.Retries;
import io.farandole.saga.payroll.PayrollMessages.BookPayroll;
import io.farandole.saga.payroll.PayrollMessages.BookingRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsReleased;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PaySalaries;
import io.farandole.saga.payroll.PayrollMessages.PayTaxes;
import io.farandole.saga.payroll.PayrollMessages.PayrollBooked;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.PayrollEvent;
import io.farandole.saga.payroll.PayrollMessages.PayrollNoted;
import io.farandole.saga.payroll.PayrollMessages.ReclaimSalaries;
import io.farandole.saga.payroll.PayrollMessages.ReclaimTaxes;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.payroll.PayrollMessages.ReleaseRefused;
import io.farandole.saga.payroll.PayrollMessages.ReserveFunds;
import io.farandole.saga.payroll.PayrollMessages.SalariesPaid;
import io.farandole.saga.payroll.PayrollMessages.SalariesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.SalariesRefused;
import io.farandole.saga.payroll.PayrollMessages.TaxesPaid;
import io.farandole.saga.payroll.PayrollMessages.TaxesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.TaxesRefused;
import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationCompleted;
import io.farandole.saga.step.OnFailure;
import io.farandole.saga.step.OnTimeLimit;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.saga.step.WhileCompensating;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;

/** Reserves funds, pays salaries and taxes beside each other, and books it; undoes what was done if any of it fails or takes too long. */
@Step(
        name = "funds",
        completedBy = FundsReserved.class,
        failedBy = FundsRefused.class,
        onFailure = OnFailure.COMPENSATE,
        timeLimit = "${payroll.funds-limit}",
        onTimeLimit = OnTimeLimit.COMPENSATE,
        compensation =
                @Compensation(completedBy = FundsReleased.class, failedBy = ReleaseRefused.class, timeLimit = "5 min"))
@Step(
        name = "salaries",
        startedBy = FundsReserved.class,
        completedBy = SalariesPaid.class,
        failedBy = SalariesRefused.class,
        onFailure = OnFailure.COMPENSATE,
        timeLimit = "1 h",
        onTimeLimit = OnTimeLimit.COMPENSATE,
        compensation = @Compensation(completedBy = SalariesReclaimed.class, timeLimit = "1 h"))
@Step(
        name = "taxes",
        startedBy = FundsReserved.class,
        completedBy = TaxesPaid.class,
        failedBy = TaxesRefused.class,
        onFailure = OnFailure.COMPENSATE,
        timeLimit = "1 h",
        onTimeLimit = OnTimeLimit.COMPENSATE,
        compensation = @Compensation(completedBy = TaxesReclaimed.class, timeLimit = "1 h", barrier = true))
@Step(
        name = "booking",
        begunBySaga = true,
        completedBy = PayrollBooked.class,
        failedBy = BookingRefused.class,
        onFailure = OnFailure.COMPENSATE,
        timeLimit = "1 min",
        irreversible = "it is the last step: once it is booked, the payroll has ended")
public class PayrollSaga {

    private String payrollId = "";
    private String reservation = "";
    private int notes;
    private boolean salariesPaid;
    private boolean taxesPaid;

    @StartSaga
    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollCalculated event, CommandGateway commands) {
        payrollId = event.payrollId();
        commands.sendAndWait(new ReserveFunds(event.payrollId()));
    }

    @WhileCompensating
    @SagaEventHandler(associationProperty = "payrollId")
    void on(FundsReserved event, CommandGateway commands) {
        reservation = event.reservation();
        if (!SagaSteps.isCompensating()) {
            commands.sendAndWait(new PaySalaries(event.payrollId()));
            commands.sendAndWait(new PayTaxes(event.payrollId()));
        }
    }

    @SagaEventHandler(associationProperty = "payrollId")
    void on(SalariesPaid event, CommandGateway commands) {
        salariesPaid = true;
        bookIfPaid(commands);
    }

    @SagaEventHandler(associationProperty = "payrollId")
    void on(TaxesPaid event, CommandGateway commands) {
        taxesPaid = true;
        bookIfPaid(commands);
    }

    private void bookIfPaid(CommandGateway commands) {
        if (salariesPaid && taxesPaid) {
            SagaSteps.begun("booking");
            commands.sendAndWait(new BookPayroll(payrollId));
        }
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollBooked event) {}

    /** Whatever else is told of it: the framework notes it. */
    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollEvent event) {}

    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollNoted event) {
        notes = notes + 1;
    }

    @Compensates("taxes")
    void reclaimTaxes(CommandGateway commands) {
        commands.sendAndWait(new ReclaimTaxes(payrollId));
    }

    @Compensates("salaries")
    void reclaimSalaries(CommandGateway commands) {
        commands.sendAndWait(new ReclaimSalaries(payrollId));
    }

    @Compensates("funds")
    @Retries("3 attempts, each wait 100 ms")
    void releaseFunds(CommandGateway commands) {
        commands.sendAndWait(new ReleaseFunds(payrollId, reservation));
    }

    @EndSaga
    @CompensationCompleted
    void undone() {}
}
