package io.farandole.shop.order.registration;

import io.farandole.shop.order.registration.CustomerCommand.CorrectEmail;
import io.farandole.shop.order.registration.CustomerCommand.RecordMailOutcome;
import io.farandole.shop.order.registration.CustomerCommand.RegisterCustomer;
import io.farandole.shop.order.registration.CustomerCommand.ReviewFailure;
import io.farandole.shop.order.registration.CustomerEvent.CustomerRegistered;
import io.farandole.shop.order.registration.CustomerEvent.EmailCorrected;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailDropped;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailRequested;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailSent;
import java.util.List;

/** What a customer decides. Pure functions; no event means that the command came twice, too late or in vain. */
final class CustomerDecisions {

    private CustomerDecisions() {}

    static List<CustomerEvent> register(RegisterCustomer command) {
        return List.of(
                new CustomerRegistered(command.customerId(), command.email(), command.name()),
                new WelcomeMailRequested(command.customerId(), 1));
    }

    /**
     * A mail that is on its way goes to the new address from its next attempt on, under the same call; one that has failed is sent
     * in another round; one that was sent is not sent again.
     */
    static List<CustomerEvent> correct(CustomerFacts customer, CorrectEmail command) {
        EmailCorrected corrected = new EmailCorrected(command.customerId(), command.email());
        return canBeSentAgain(customer) ? List.of(corrected, nextRound(customer)) : List.of(corrected);
    }

    static List<CustomerEvent> record(CustomerFacts customer, RecordMailOutcome command) {
        if (customer.mail() != MailState.PENDING || customer.round() != command.round()) {
            return List.of();
        }
        String id = command.customerId();
        int round = command.round();
        MailOutcome outcome = command.outcome();
        return switch (outcome.kind()) {
            case SENT -> List.of(new WelcomeMailSent(id, round, outcome.text()));
            case ADDRESS_REFUSED, NOT_TAKEN ->
                List.of(new WelcomeMailFailed(id, round, outcome.kind(), outcome.text()));
            case ERASED -> List.of(new WelcomeMailDropped(id, round));
            case OVERTAKEN -> List.of();
        };
    }

    static List<CustomerEvent> review(CustomerFacts customer, ReviewFailure command) {
        return command.again() && isToBeDecided(customer, command.round()) ? List.of(nextRound(customer)) : List.of();
    }

    /** Whether this round has failed and is the latest: what has been begun again needs nobody. */
    static boolean isToBeDecided(CustomerFacts customer, int round) {
        return canBeSentAgain(customer) && customer.round() == round;
    }

    private static boolean canBeSentAgain(CustomerFacts customer) {
        return customer.mail() == MailState.FAILED && !customer.erased();
    }

    private static WelcomeMailRequested nextRound(CustomerFacts customer) {
        return new WelcomeMailRequested(customer.customerId(), Math.addExact(customer.round(), 1));
    }
}
