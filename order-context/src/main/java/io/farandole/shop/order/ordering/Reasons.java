package io.farandole.shop.order.ordering;

/** Why orders end; stable text, for programs to compare. Stock and payment bring reasons of their own. */
public final class Reasons {

    /** The customer did not want it any more. */
    public static final String CUSTOMER = "cancelled-by-customer";

    /** Neither confirmed nor refused in time. */
    public static final String TIME_LIMIT = "time-limit";

    /** The authorised amount could not be taken. */
    public static final String CAPTURE_FAILED = "capture-failed";

    /** The reservation was given up before the order became a sale. */
    public static final String RESERVATION_LOST = "reservation-lost";

    /** A person gave it up, because its process could not go on. */
    public static final String OPERATOR = "cancelled-by-operator";

    private Reasons() {}
}
