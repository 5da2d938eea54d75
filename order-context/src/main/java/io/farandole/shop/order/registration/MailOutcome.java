package io.farandole.shop.order.registration;

/**
 * What became of a welcome mail.
 *
 * @param text for operators: reply codes of the server, never its words, which repeat the address
 */
record MailOutcome(Kind kind, String text) {

    /** How it ended. */
    enum Kind {
        /** The mail server has taken it. */
        SENT,
        /** The mail server says that nobody is there: to ask it again is of no use. */
        ADDRESS_REFUSED,
        /** The mail server did not take it within the time limit. */
        NOT_TAKEN,
        /** The customer is erased, and nothing was sent. */
        ERASED,
        /** It is not wanted any more: it was sent or given up before. */
        OVERTAKEN
    }

    static MailOutcome of(Kind kind) {
        return new MailOutcome(kind, "");
    }
}
