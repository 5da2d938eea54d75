package io.farandole.shop.payment.payroll;

/** What a bank is asked about a payment. */
public enum Ask {
    /** To pay. */
    PAY,
    /** To hold the amount. */
    HOLD,
    /** To pay what it holds. */
    CONFIRM,
    /** To give it back, or never to pay it. */
    TAKE_BACK
}
