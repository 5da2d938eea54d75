package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.AccountAnswer;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.DebitForPayroll;
import io.farandole.shop.payment.payroll.OnBanks;
import io.farandole.shop.payment.payroll.PayrollCommand.StartPayroll;
import io.farandole.shop.payment.payroll.PayrollCommand.Started;
import io.farandole.shop.payment.payroll.PayrollPolicy;
import io.farandole.shop.payment.payroll.PayrollSettings;
import io.farandole.shop.payment.payroll.SalaryCommand.ListSalary;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Accepts a payroll in the request's one transaction: the payroll is started, the company's account debited, every payment listed, and
 * the row that shows it written; or, if anything is refused, none of it.
 */
@Component
@Conditional(OnBanks.class)
class PayrollDesk {

    private final CommandGateway commands;
    private final PayrollViews views;
    private final PayrollIntake intake;

    PayrollDesk(CommandGateway commands, PayrollViews views, PayrollSettings settings) {
        this.commands = commands;
        this.views = views;
        this.intake = new PayrollIntake(settings);
    }

    /** Answers with the payroll's id. The same request under the same id again changes nothing. */
    String start(PayrollRequest request) {
        String globalId = request.globalId() == null
                ? IdentifierFactory.getInstance().generateIdentifier()
                : PayrollIntake.id("globalId", request.globalId());
        PayrollIntake.Accepted accepted = intake.read(request, Clock.systemUTC().instant());
        Started started = commands.sendAndWait(new StartPayroll(globalId, accepted.terms(), accepted.fingerprint()));
        switch (started) {
            case BEFORE -> {}
            case OTHER ->
                throw PayrollProblem.conflict("This globalId belongs to another payroll; take a new id for a new one");
            case NOW -> begin(globalId, accepted);
        }
        return globalId;
    }

    private void begin(String globalId, PayrollIntake.Accepted accepted) {
        debit(globalId, accepted);
        boolean goesOn = accepted.terms().policy() == PayrollPolicy.GO_ON;
        for (int i = 0; i < accepted.payments().size(); i++) {
            commands.sendAndWait(new ListSalary(globalId, i, accepted.payments().get(i), goesOn));
        }
        views.save(new PayrollView(globalId, accepted.terms()));
    }

    private void debit(String globalId, PayrollIntake.Accepted accepted) {
        AccountAnswer answer;
        try {
            answer = commands.sendAndWait(new DebitForPayroll(
                    accepted.terms().companyAccount(),
                    globalId,
                    accepted.terms().total()));
        } catch (AggregateNotFoundException e) {
            throw PayrollProblem.unprocessable("There is no such company account");
        }
        switch (answer) {
            case DONE -> {}
            case OTHER_CURRENCY ->
                throw PayrollProblem.unprocessable("The company account is kept in another currency");
            default -> throw PayrollProblem.unprocessable("The company account has less than the sum of all payments");
        }
    }
}
