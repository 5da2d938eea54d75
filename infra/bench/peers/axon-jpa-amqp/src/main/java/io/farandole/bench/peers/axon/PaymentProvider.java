package io.farandole.bench.peers.axon;

/** The payment provider, in this process: it declines the token {@value #DECLINED} and takes every other. */
final class PaymentProvider {

    static final String OK = "tok_ok";
    static final String DECLINED = "tok_declined";

    boolean authorize(String orderId, long amountMinor, String token) {
        return !token.equals(DECLINED);
    }

    void capture(String orderId, long amountMinor) {
        if (amountMinor <= 0) {
            throw new IllegalArgumentException("Order " + orderId + " has nothing to capture");
        }
    }
}
