package io.farandole.shop.payment.gateway;

import io.farandole.shop.kernel.Money;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A provider in memory, kept to the same contract as the real one. Not thread-safe. */
public final class InMemoryGateway implements PaymentGateway {

    private final Map<String, GatewayAnswer> answers = new HashMap<>();
    private final Map<String, Account> accounts = new HashMap<>();

    @Override
    public GatewayAnswer authorize(String paymentId, Money amount, String token, String idempotencyKey) {
        return once(idempotencyKey, () -> {
            Account account = account(paymentId);
            boolean accepted = token.equals("tok_ok") || token.equals("tok_capture_fails");
            if (account.voided || account.authorized > 0 || !accepted) {
                return GatewayAnswer.refused("declined");
            }
            account.authorized = amount.minor();
            account.refusesCapture = token.equals("tok_capture_fails");
            return GatewayAnswer.done();
        });
    }

    @Override
    public GatewayAnswer capture(String paymentId, Money amount, String idempotencyKey) {
        return once(idempotencyKey, () -> {
            Account account = account(paymentId);
            if (account.voided
                    || account.captured > 0
                    || account.authorized < amount.minor()
                    || account.refusesCapture) {
                return GatewayAnswer.refused("capture-refused");
            }
            account.captured = amount.minor();
            return GatewayAnswer.done();
        });
    }

    @Override
    public GatewayAnswer cancel(String paymentId, Money amount, String idempotencyKey) {
        return once(idempotencyKey, () -> {
            Account account = account(paymentId);
            if (account.captured > 0) {
                return GatewayAnswer.refused("already-captured");
            }
            account.voided = true;
            return GatewayAnswer.done();
        });
    }

    @Override
    public GatewayAnswer refund(String paymentId, Money amount, String idempotencyKey) {
        return once(idempotencyKey, () -> {
            Account account = account(paymentId);
            if (account.captured - account.refunded < amount.minor()) {
                return GatewayAnswer.refused("exceeds-capture");
            }
            account.refunded += amount.minor();
            return GatewayAnswer.done();
        });
    }

    /** What was taken and not paid back. */
    public long balance(String paymentId) {
        return account(paymentId).captured - account(paymentId).refunded;
    }

    /** Whether something is held that was neither taken nor given up. */
    public boolean isHanging(String paymentId) {
        Account account = account(paymentId);
        return account.authorized > 0 && account.captured == 0 && !account.voided;
    }

    private GatewayAnswer once(String key, Supplier<GatewayAnswer> operation) {
        GatewayAnswer before = answers.get(key);
        if (before == null) {
            before = operation.get();
            answers.put(key, before);
        }
        return before;
    }

    private Account account(String paymentId) {
        return accounts.computeIfAbsent(paymentId, id -> new Account());
    }

    private static final class Account {
        private long authorized;
        private long captured;
        private long refunded;
        private boolean voided;
        private boolean refusesCapture;
    }
}
