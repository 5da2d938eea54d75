package io.farandole.bench.peers.modulith.payment;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** The payment of one order: waits for the order and for its pieces, whichever is heard of first, then is collected or declined. */
@Entity
class Payment {

    @Id
    private String orderId = "";

    private long amountMinor;
    private @Nullable String currency;
    private @Nullable String token;
    private boolean reserved;
    private String status = "waiting";
    private long authorisedMinor;
    private long capturedMinor;

    protected Payment() {}

    void order(long amount, String orderCurrency, String paymentToken) {
        amountMinor = amount;
        currency = orderCurrency;
        token = paymentToken;
    }

    void reserved() {
        reserved = true;
    }

    boolean isDue() {
        return status.equals("waiting") && reserved && token != null;
    }

    void captured() {
        status = "captured";
        authorisedMinor = amountMinor;
        capturedMinor = amountMinor;
    }

    void declined() {
        status = "declined";
    }

    String orderId() {
        return orderId;
    }

    long amountMinor() {
        return amountMinor;
    }

    String currency() {
        return currency == null ? "" : currency;
    }

    String token() {
        return token == null ? "" : token;
    }
}
