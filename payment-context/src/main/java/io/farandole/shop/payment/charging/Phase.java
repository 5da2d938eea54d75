package io.farandole.shop.payment.charging;

/** Where a payment stands; the package's description tells what leads from one to the other. */
enum Phase {
    /** Nothing was heard. */
    NEW,
    /** Amount or reserved stock is missing. */
    COLLECTING,
    /** The provider was asked to hold the amount. */
    AUTHORIZING,
    /** The provider holds the amount; the order is not confirmed yet. */
    AUTHORIZED,
    /** The provider was asked to take the amount. */
    CAPTURING,
    /** The capture stayed unknown; the provider was asked to void, which tells whether it took place. */
    RESOLVING,
    /** The amount was taken. */
    CAPTURED,
    /** The provider was asked to pay back for a return. */
    RETURNING,
    /** The provider was asked to pay back for a cancelled order. */
    REFUNDING,
    /** The amount was paid back. */
    REFUNDED,
    /** The provider was asked to give up what it holds. */
    VOIDING,
    /** Given up; nothing is held, nothing was taken. */
    VOIDED,
    /** Declined for want of an answer; the provider was asked to give up what it may hold. */
    RELEASING,
    /** Declined; nothing is held. */
    DECLINED;

    /** Whether it is still open how the collection ends. */
    boolean isCollecting() {
        return switch (this) {
            case NEW, COLLECTING, AUTHORIZING, AUTHORIZED, CAPTURING, RESOLVING -> true;
            case CAPTURED, RETURNING, REFUNDING, REFUNDED, VOIDING, VOIDED, RELEASING, DECLINED -> false;
        };
    }

    /** Whether a cancelled order is settled: nothing is held, taken or on its way back. */
    boolean isSettled() {
        return this == REFUNDED || this == VOIDED || this == DECLINED;
    }
}
