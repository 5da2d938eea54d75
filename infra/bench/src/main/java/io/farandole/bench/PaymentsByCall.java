package io.farandole.bench;

import io.farandole.provider.Operation;
import io.farandole.provider.ProviderRequest;
import io.farandole.provider.Result;
import io.farandole.provider.StandInProvider;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import io.farandole.shop.payment.gateway.PaymentGateway;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stand-in of the payment provider, asked by a method call. Thread-safe. */
record PaymentsByCall(StandInProvider provider) implements PaymentGateway {

    @Override
    public GatewayAnswer authorize(String paymentId, Money amount, String token, String idempotencyKey) {
        return ask(Operation.AUTHORIZE, paymentId, amount, token, idempotencyKey);
    }

    @Override
    public GatewayAnswer capture(String paymentId, Money amount, String idempotencyKey) {
        return ask(Operation.CAPTURE, paymentId, amount, null, idempotencyKey);
    }

    @Override
    public GatewayAnswer cancel(String paymentId, Money amount, String idempotencyKey) {
        return ask(Operation.VOID, paymentId, amount, null, idempotencyKey);
    }

    @Override
    public GatewayAnswer refund(String paymentId, Money amount, String idempotencyKey) {
        return ask(Operation.REFUND, paymentId, amount, null, idempotencyKey);
    }

    private GatewayAnswer ask(
            Operation operation, String paymentId, Money amount, @Nullable String token, String idempotencyKey) {
        Optional<Result> result = provider.ask(
                operation, idempotencyKey, new ProviderRequest(paymentId, amount.minor(), amount.currency(), token));
        if (result.isEmpty()) {
            return GatewayAnswer.unknown("out of order");
        }
        String reason = result.get().reason();
        return result.get().status().equals("declined")
                ? GatewayAnswer.refused(reason == null ? "declined" : reason)
                : GatewayAnswer.done();
    }
}
