package io.farandole.bench.peers.modulith.payment;

import org.springframework.stereotype.Component;

/** The payment provider, in this process: it declines the token {@value #DECLINED} and takes every other. */
@Component
public class PaymentProvider {

    public static final String OK = "tok_ok";
    public static final String DECLINED = "tok_declined";

    boolean authorize(String orderId, long amountMinor, String token) {
        return !token.equals(DECLINED);
    }

    void capture(String orderId, long amountMinor) {
        if (amountMinor <= 0) {
            throw new IllegalArgumentException("Order " + orderId + " has nothing to capture");
        }
    }
}
