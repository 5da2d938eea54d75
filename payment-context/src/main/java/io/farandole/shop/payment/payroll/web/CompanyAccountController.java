package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.AccountAnswer;
import io.farandole.shop.payment.payroll.CompanyAccountCommand;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.DepositMoney;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.OpenCompanyAccount;
import io.farandole.shop.payment.payroll.OnBanks;
import java.math.BigDecimal;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The accounts that companies pay from. Each POST is one transaction and honours {@code Idempotency-Key}. */
@RestController
@Conditional(OnBanks.class)
@RequestMapping("/company-accounts/{accountId}")
class CompanyAccountController {

    private final CommandGateway commands;
    private final CompanyAccountViews views;

    CompanyAccountController(CommandGateway commands, CompanyAccountViews views) {
        this.commands = commands;
        this.views = views;
    }

    /** The body that opens an account. */
    record Opening(@Nullable String currency) {}

    /**
     * The body of a deposit.
     *
     * @param depositId the same deposit again, under the same id, changes nothing
     */
    record Deposit(@Nullable String depositId, @Nullable BigDecimal amount, @Nullable String currency) {}

    /** What was done; the account itself is at {@code GET}. */
    record Done(String accountId) {}

    /** Opens an account; again in the same currency changes nothing. */
    @PostMapping
    ResponseEntity<Done> open(@PathVariable String accountId, @RequestBody Opening opening) {
        String id = PayrollIntake.id("accountId", accountId);
        send(new OpenCompanyAccount(id, Amounts.currency(opening.currency())));
        return ResponseEntity.status(HttpStatus.CREATED).body(new Done(id));
    }

    /** Money comes in. */
    @PostMapping("/deposits")
    ResponseEntity<Done> deposit(@PathVariable String accountId, @RequestBody Deposit deposit) {
        String id = PayrollIntake.id("accountId", accountId);
        String depositId = PayrollIntake.id("depositId", deposit.depositId());
        String currency = Amounts.currency(deposit.currency());
        send(new DepositMoney(id, depositId, Amounts.positive("amount", deposit.amount(), currency)));
        return ResponseEntity.ok(new Done(id));
    }

    /** The account. */
    @GetMapping
    CompanyAccountView.Shown one(@PathVariable String accountId) {
        return views.findById(accountId).map(CompanyAccountView::shown).orElseThrow(() -> unknown());
    }

    private void send(CompanyAccountCommand command) {
        AccountAnswer answer;
        try {
            answer = commands.sendAndWait(command);
        } catch (AggregateNotFoundException e) {
            throw unknown();
        }
        switch (answer) {
            case DONE -> {}
            case OTHER_CURRENCY -> throw PayrollProblem.conflict("This account is kept in another currency");
            case OTHER_DEPOSIT ->
                throw PayrollProblem.conflict("This depositId belongs to a deposit of another amount; take a new one");
            case TOO_MUCH -> throw PayrollProblem.unprocessable("More than can be kept on an account");
            case LACKING -> throw PayrollProblem.unprocessable("There is not enough on this account");
        }
    }

    private static ErrorResponseException unknown() {
        return PayrollProblem.notFound("There is no such company account");
    }
}
