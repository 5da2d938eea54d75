package io.farandole.shop.payment.transfer.bank;

/** Why a bank refuses its part. Stored, and shown to clients: stable. */
public final class Reasons {

    /** No such account at that bank. */
    public static final String UNKNOWN_ACCOUNT = "unknown-account";

    /** The account is kept in another currency. */
    public static final String CURRENCY = "currency";

    /** Less is available than is to be paid. */
    public static final String INSUFFICIENT_FUNDS = "insufficient-funds";

    /** The balance would not fit. */
    public static final String OVERFLOW = "overflow";

    /** It was given up before it was asked for. */
    public static final String CANCELLED = "cancelled";

    private Reasons() {}
}
