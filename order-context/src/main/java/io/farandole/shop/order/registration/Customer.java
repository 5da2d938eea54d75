package io.farandole.shop.order.registration;

import io.farandole.shop.order.registration.CustomerCommand.CorrectEmail;
import io.farandole.shop.order.registration.CustomerCommand.RecordMailOutcome;
import io.farandole.shop.order.registration.CustomerCommand.RegisterCustomer;
import io.farandole.shop.order.registration.CustomerCommand.ReviewFailure;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.spring.stereotype.Aggregate;

/** A customer: applies what {@link CustomerDecisions} decide, remembers it as {@link CustomerFacts}. */
@Aggregate
@WhereMailIsSent
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class Customer {

    @AggregateIdentifier
    private String customerId;

    private CustomerFacts facts = CustomerFacts.NONE;

    Customer() {}

    /** The claim is part of the command's transaction: an address is taken if and only if somebody has registered with it. */
    @CommandHandler
    Customer(RegisterCustomer command, EmailClaims claims) {
        claims.claim(command.digest(), command.customerId(), command.email());
        apply(CustomerDecisions.register(command));
    }

    @CommandHandler
    void correct(CorrectEmail command, EmailClaims claims) {
        claims.claim(command.digest(), command.customerId(), command.email());
        apply(CustomerDecisions.correct(facts, command));
    }

    @CommandHandler
    void record(RecordMailOutcome command) {
        apply(CustomerDecisions.record(facts, command));
    }

    /** Answers whether a person still has to decide. */
    @CommandHandler
    boolean review(ReviewFailure command) {
        apply(CustomerDecisions.review(facts, command));
        return CustomerDecisions.isToBeDecided(facts, command.round());
    }

    private static void apply(List<CustomerEvent> events) {
        events.forEach(AggregateLifecycle::apply);
    }

    @EventSourcingHandler
    void on(CustomerEvent event) {
        customerId = event.customerId();
        facts = facts.after(event);
    }
}
