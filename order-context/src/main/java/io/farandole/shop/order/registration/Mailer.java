package io.farandole.shop.order.registration;

import io.farandole.saga.outside.Outcome;

/** The way to the customer's mailbox. Blocks for a bounded time; thread-safe; no exception and no outcome holds an address. */
interface Mailer {

    /** Sends one letter; the outcome is {@code SENT}, {@code ADDRESS_REFUSED}, or unknown, which means to try again. */
    Outcome<MailOutcome> send(WelcomeLetter letter);
}
