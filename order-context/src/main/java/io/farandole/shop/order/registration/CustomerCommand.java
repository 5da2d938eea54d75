package io.farandole.shop.order.registration;

import io.farandole.messaging.Personal;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What can be asked of a customer. */
sealed interface CustomerCommand {

    /** The customer that is meant. */
    String customerId();

    /**
     * Registers one.
     *
     * @param digest of the address
     */
    record RegisterCustomer(
            @TargetAggregateIdentifier String customerId, EmailDigest digest, Personal email, Personal name)
            implements CustomerCommand {}

    /** Corrects the address; sends the mail that could not be sent to the old one. */
    record CorrectEmail(@TargetAggregateIdentifier String customerId, EmailDigest digest, Personal email)
            implements CustomerCommand {}

    /** What became of a call to the mail server. May come too late: then it changes nothing. */
    record RecordMailOutcome(@TargetAggregateIdentifier String customerId, int round, MailOutcome outcome)
            implements CustomerCommand {}

    /**
     * A failed round is looked at: whether somebody still has to decide about it.
     *
     * @param again a person has decided that the mail is to be sent again
     */
    record ReviewFailure(@TargetAggregateIdentifier String customerId, int round, boolean again)
            implements CustomerCommand {}
}
