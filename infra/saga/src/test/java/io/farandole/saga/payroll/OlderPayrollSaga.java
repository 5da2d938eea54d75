package io.farandole.saga.payroll;

import io.farandole.saga.payroll.PayrollMessages.BookingRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsReleased;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.PayrollEvent;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationCompleted;
import io.farandole.saga.step.OnFailure;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;

/** An older version of the payroll, from when it paid nothing: it knows of the funds only. */
@Step(
        name = "funds",
        completedBy = FundsReserved.class,
        failedBy = BookingRefused.class,
        timeLimit = "1 h",
        onFailure = OnFailure.COMPENSATE,
        compensation = @Compensation(completedBy = FundsReleased.class, timeLimit = "5 min"))
public class OlderPayrollSaga {

    private String payrollId = "";
    private String reservation = "";

    @StartSaga
    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollCalculated event) {
        payrollId = event.payrollId();
    }

    @SagaEventHandler(associationProperty = "payrollId")
    void on(PayrollEvent event) {}

    @SagaEventHandler(associationProperty = "payrollId")
    void on(BookingRefused event) {
        SagaSteps.compensate("the payroll was not booked");
    }

    @Compensates("funds")
    void releaseFunds(CommandGateway commands) {
        commands.sendAndWait(new ReleaseFunds(payrollId, reservation));
    }

    @EndSaga
    @CompensationCompleted
    void undone() {}
}
