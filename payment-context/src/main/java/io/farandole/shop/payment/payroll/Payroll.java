package io.farandole.shop.payment.payroll;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.payment.payroll.PayrollCommand.RecordNotice;
import io.farandole.shop.payment.payroll.PayrollCommand.SettlePayroll;
import io.farandole.shop.payment.payroll.PayrollCommand.StartPayroll;
import io.farandole.shop.payment.payroll.PayrollCommand.Started;
import io.farandole.shop.payment.payroll.PayrollCommand.StopPayroll;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.context.annotation.Conditional;

/** A payroll as a whole: a handful of events, however many it pays. Its payments are {@link Salary}'s. */
@Aggregate
@Conditional(OnBanks.class)
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class Payroll {

    @AggregateIdentifier
    private String aggregateId;

    private PayrollState state = PayrollState.NEW;

    Payroll() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Started handle(StartPayroll command) {
        Started answer = command.answer(state);
        decide(command);
        return answer;
    }

    @CommandHandler
    void handle(StopPayroll command) {
        decide(command);
    }

    @CommandHandler
    void handle(SettlePayroll command) {
        decide(command);
    }

    @CommandHandler
    void handle(RecordNotice command) {
        decide(command);
    }

    @EventSourcingHandler
    void on(PayrollEvent event) {
        aggregateId = PayrollCommand.aggregateId(event.globalId());
        state = event.evolve(state);
    }

    private void decide(PayrollCommand command) {
        command.decide(state).forEach(event -> apply(event));
    }
}
