package io.farandole.shop.order.registration;

import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;

/** Why a mail was not sent, and what to do: for people, and without their address. */
final class FailureText {

    static final String ERASED = "The customer is erased; nothing was sent";

    private FailureText() {}

    static String of(WelcomeMailFailed event) {
        return event.kind() == MailOutcome.Kind.ADDRESS_REFUSED
                ? "The mail server knows nobody at this address (" + event.text() + "): correct it by PUT /customers/"
                        + event.customerId() + "/email, or skip the mail"
                : "The mail server did not take the mail in time: see that it works, and retry the process";
    }
}
