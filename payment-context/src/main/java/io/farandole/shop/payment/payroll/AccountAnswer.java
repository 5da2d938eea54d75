package io.farandole.shop.payment.payroll;

/** What a company account answers. */
public enum AccountAnswer {
    /** Done, or done before. */
    DONE,
    /** The account is kept in another currency. */
    OTHER_CURRENCY,
    /** There is not enough on it. */
    LACKING,
    /** The id belongs to a deposit of another amount. */
    OTHER_DEPOSIT,
    /** More than can be kept on an account. */
    TOO_MUCH
}
