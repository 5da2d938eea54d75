package io.farandole.shop.order.registration;

import io.farandole.shop.order.registration.CustomerEvent.CustomerRegistered;
import io.farandole.shop.order.registration.CustomerEvent.EmailCorrected;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailDropped;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailRequested;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailSent;

/**
 * What a customer remembers in order to decide: the fold of its events.
 *
 * @param round the latest
 * @param erased the mail was dropped, for nobody can read the address any more
 */
record CustomerFacts(String customerId, MailState mail, int round, boolean erased) {

    static final CustomerFacts NONE = new CustomerFacts("", MailState.PENDING, 0, false);

    /** The facts after one more event. */
    CustomerFacts after(CustomerEvent event) {
        String id = event.customerId();
        if (event instanceof WelcomeMailRequested requested) {
            return new CustomerFacts(id, MailState.PENDING, requested.round(), false);
        }
        if (event instanceof WelcomeMailSent) {
            return new CustomerFacts(id, MailState.SENT, round, false);
        }
        if (event instanceof WelcomeMailFailed) {
            return new CustomerFacts(id, MailState.FAILED, round, false);
        }
        if (event instanceof WelcomeMailDropped) {
            return new CustomerFacts(id, MailState.FAILED, round, true);
        }
        if (event instanceof CustomerRegistered || event instanceof EmailCorrected) {
            return new CustomerFacts(id, mail, round, erased);
        }
        throw new IllegalStateException("Customers know no " + event.getClass().getName());
    }
}
