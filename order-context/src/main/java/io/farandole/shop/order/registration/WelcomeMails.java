package io.farandole.shop.order.registration;

/** Has welcome mails sent, later and outside any transaction. */
interface WelcomeMails {

    /**
     * Requests one in the current transaction, answered by {@link CustomerCommand.RecordMailOutcome}. Requested again for the same
     * customer and round, it is the same call, and made once.
     */
    void send(String customerId, int round);
}
