package io.farandole.shop.order.registration;

import io.farandole.messaging.Personal;

/** What happened to a customer: private to the context. */
sealed interface CustomerEvent {

    /** The customer that it happened to. */
    String customerId();

    /** Somebody has registered; address and name are sealed with the customer's key. */
    record CustomerRegistered(String customerId, Personal email, Personal name) implements CustomerEvent {}

    /** Another address is the customer's from now on. */
    record EmailCorrected(String customerId, Personal email) implements CustomerEvent {}

    /**
     * The welcome mail is to be sent, to the address that is the customer's when that is done.
     *
     * @param round 1, and one more each time that it is wanted again after it has failed
     */
    record WelcomeMailRequested(String customerId, int round) implements CustomerEvent {}

    /** The mail server has taken it. */
    record WelcomeMailSent(String customerId, int round, String messageId) implements CustomerEvent {}

    /** It cannot be sent without a person's doing. */
    record WelcomeMailFailed(String customerId, int round, MailOutcome.Kind kind, String text)
            implements CustomerEvent {}

    /** It is not sent any more, for the customer is erased. */
    record WelcomeMailDropped(String customerId, int round) implements CustomerEvent {}
}
