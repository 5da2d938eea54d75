package io.farandole.shop.payment.payroll;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.payment.payroll.CompanyAccountCommand.CreditFromPayroll;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.DebitForPayroll;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.DepositMoney;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.OpenCompanyAccount;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.context.annotation.Conditional;

/** The account that a company pays from. Touched twice by a payroll, however many it pays: at its start and at its end. */
@Aggregate
@Conditional(OnBanks.class)
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class CompanyAccount {

    @AggregateIdentifier
    private String aggregateId;

    private CompanyAccountState state = CompanyAccountState.NEW;

    CompanyAccount() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    AccountAnswer handle(OpenCompanyAccount command) {
        return decide(command);
    }

    @CommandHandler
    AccountAnswer handle(DepositMoney command) {
        return decide(command);
    }

    @CommandHandler
    AccountAnswer handle(DebitForPayroll command) {
        return decide(command);
    }

    @CommandHandler
    AccountAnswer handle(CreditFromPayroll command) {
        return decide(command);
    }

    @EventSourcingHandler
    void on(CompanyAccountEvent event) {
        aggregateId = CompanyAccountCommand.aggregateId(event.accountId());
        state = event.evolve(state);
    }

    private AccountAnswer decide(CompanyAccountCommand command) {
        AccountAnswer answer = command.answer(state);
        if (answer == AccountAnswer.DONE) {
            command.decide(state).forEach(event -> apply(event));
        }
        return answer;
    }
}
