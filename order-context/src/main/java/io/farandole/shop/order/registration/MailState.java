package io.farandole.shop.order.registration;

/** Where a customer's welcome mail stands. */
enum MailState {
    /** On its way. */
    PENDING,
    /** The mail server has taken it. */
    SENT,
    /** Not sent; somebody has to do something, unless the customer is erased. */
    FAILED
}
