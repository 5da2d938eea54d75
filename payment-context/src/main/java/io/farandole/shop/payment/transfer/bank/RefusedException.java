package io.farandole.shop.payment.transfer.bank;

/** Ends a transaction in which a bank cannot do its part. Carries one of {@link Reasons}. */
final class RefusedException extends Exception {

    private final String reason;

    RefusedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
