/**
 * Registration: a customer registers, and is sent one welcome mail.
 *
 * <p>{@code POST /customers} claims the address, appends {@code CustomerRegistered} and {@code WelcomeMailRequested}, and answers. The saga
 * {@link io.farandole.shop.order.registration.WelcomeMail} makes of the request an outside call under the key {@code <customer>:welcome:<round>},
 * a worker talks to the mail server with no transaction open, and its answer comes back as a command. The {@link
 * io.farandole.shop.order.registration.Customer} alone decides what that means.
 *
 * <p>What can happen, and what follows:
 *
 * <pre>
 * the mail server ...                        the mail stays      and then
 * is away, or answers 4xx                    PENDING             is tried again after 5 s, 10 s, ... 15 min, for three days
 * answers 5xx, but not because of the address PENDING            the same: it is a defect or a policy, not the customer's doing
 * answers RCPT with "no such mailbox"        FAILED              the process is parked; a corrected address begins another round
 * takes the mail, and the answer is lost     PENDING             the mail is sent again under the same Message-ID
 * says nothing for three days                FAILED              the process is parked; a retry begins another round
 *
 * the service dies ...
 * before the commit of the POST              -                   nobody is registered; the client asks again under its key
 * after it, before the saga has heard        PENDING             the saga hears it from the journal
 * before the mail is sent                    PENDING             it is sent when the lease of the call has run out
 * between sending and recording              PENDING             it is sent again when the lease has run out, under the same Message-ID
 * after recording                            SENT
 *
 * somebody loses the call (skips the event, deletes the row, restores a table)
 *                                            PENDING             the scheduled check asks again under the same key
 * the customer is erased before it is sent   FAILED              nothing is sent, nobody is asked
 * </pre>
 *
 * <p>A round is one call to be made until its outcome is known; a new one begins only after the one before has failed for good. So at
 * no moment are there two calls for a customer, and no second one after a mail was taken. SMTP has no idempotency key: between the server's
 * "taken" and our noting it there is a moment in which nobody can know, and the mail is sent again. What makes it one mail in effect is the
 * Message-ID, which never changes, and by which servers and readers tell a duplicate.
 */
@NullMarked
package io.farandole.shop.order.registration;

import org.jspecify.annotations.NullMarked;
