package io.farandole.shop.payment.payroll;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.payment.payroll.SalaryCommand.AskForSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.GiveUpSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.ListSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.RecordAnswer;
import io.farandole.shop.payment.payroll.SalaryCommand.RetrySalary;
import io.farandole.shop.payment.payroll.SalaryCommand.TakeBackSalary;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryListed;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;

/** One payment of a payroll: an aggregate of its own, so that ten thousand of them are in nobody's way. */
@Aggregate
@Conditional(OnBanks.class)
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class Salary {

    @AggregateIdentifier
    private String aggregateId;

    private SalaryState state = SalaryState.NEW;

    Salary() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ListSalary command) {
        if (state.payment() == null) {
            apply(new SalaryListed(command.globalId(), command.position(), command.payment(), command.goesOn()));
        }
    }

    @CommandHandler
    @Nullable SalaryAsk handle(AskForSalary command) {
        if (!SalaryDecisions.isDue(state, command.ask())) {
            return null;
        }
        return ask(state.next(command.globalId(), command.position(), command.ask()));
    }

    @CommandHandler
    TakeBack handle(TakeBackSalary command) {
        TakeBack.Kind kind = SalaryDecisions.takeBack(state, command.paidToo());
        boolean wasPaid = state.phase() == SalaryPhase.PAID;
        if (kind == TakeBack.Kind.ASK) {
            return new TakeBack(kind, ask(state.next(command.globalId(), command.position(), Ask.TAKE_BACK)), wasPaid);
        }
        if (kind == TakeBack.Kind.DROP) {
            SalaryDecisions.giveUp(
                            state, command.globalId(), command.position(), SalaryDecisions.PAYROLL, "not paid in time")
                    .ifPresent(event -> apply(event));
        }
        return new TakeBack(kind, null, wasPaid);
    }

    @CommandHandler
    void handle(RecordAnswer command) {
        SalaryDecisions.answered(state, command.globalId(), command.position(), command.attempt(), command.answer())
                .forEach(event -> apply(event));
    }

    @CommandHandler
    boolean handle(RetrySalary command) {
        return happens(
                SalaryDecisions.retry(state, command.globalId(), command.position(), command.by(), command.reason()));
    }

    @CommandHandler
    boolean handle(GiveUpSalary command) {
        return happens(
                SalaryDecisions.giveUp(state, command.globalId(), command.position(), command.by(), command.reason()));
    }

    @EventSourcingHandler
    void on(SalaryEvent event) {
        aggregateId = SalaryCommand.aggregateId(event.globalId(), event.position());
        state = event.evolve(state);
    }

    private SalaryAsk ask(SalaryAsk ask) {
        apply(SalaryDecisions.asked(ask));
        return ask;
    }

    private static boolean happens(Optional<SalaryEvent> event) {
        event.ifPresent(it -> apply(it));
        return event.isPresent();
    }
}
