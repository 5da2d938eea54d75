package io.farandole.shop.payment.charging;

import io.farandole.saga.outside.OutsideCall;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.gateway.PaymentGateway;
import java.time.Duration;
import java.util.function.Consumer;

/** Provider calls as outside calls of the framework, under keys derived from the order's id. */
final class OutsideProviderCalls implements ProviderCalls {

    private static final String AUTHORIZE = "authorize";
    private static final String CAPTURE = "capture";
    private static final String VOID = "void";
    private static final String REFUND = "refund";

    private final Consumer<OutsideCall> request;
    private final ChargingSettings settings;

    OutsideProviderCalls(Consumer<OutsideCall> request, ChargingSettings settings) {
        this.request = request;
        this.settings = settings;
    }

    static ProviderCall<AuthorizationRequest> authorizing(PaymentGateway gateway) {
        return new ProviderCall<>(
                AUTHORIZE,
                AuthorizationRequest.class,
                (it, key) -> gateway.authorize(it.orderId(), it.amount(), it.token(), key),
                (it, answer) -> new PaymentCommand.RecordAuthorization(it.orderId(), answer));
    }

    static ProviderCall<MoneyRequest> capturing(PaymentGateway gateway) {
        return new ProviderCall<>(
                CAPTURE,
                MoneyRequest.class,
                (it, key) -> gateway.capture(it.orderId(), it.amount(), key),
                (it, answer) -> new PaymentCommand.RecordCapture(it.orderId(), answer));
    }

    static ProviderCall<MoneyRequest> cancelling(PaymentGateway gateway) {
        return new ProviderCall<>(
                VOID,
                MoneyRequest.class,
                (it, key) -> gateway.cancel(it.orderId(), it.amount(), key),
                (it, answer) -> new PaymentCommand.RecordVoid(it.orderId(), answer));
    }

    static ProviderCall<MoneyRequest> refunding(PaymentGateway gateway) {
        return new ProviderCall<>(
                REFUND,
                MoneyRequest.class,
                (it, key) -> gateway.refund(it.orderId(), it.amount(), key),
                (it, answer) -> new PaymentCommand.RecordRefund(it.orderId(), answer));
    }

    @Override
    public void authorize(String orderId, Money amount, String token) {
        ask(
                AUTHORIZE,
                orderId,
                orderId,
                new AuthorizationRequest(orderId, amount, token),
                settings.authorizationTimeLimit());
    }

    @Override
    public void capture(String orderId, Money amount) {
        ask(CAPTURE, orderId, orderId, new MoneyRequest(orderId, amount), settings.captureTimeLimit());
    }

    @Override
    public void cancel(String orderId, Money amount) {
        ask(VOID, orderId, orderId, new MoneyRequest(orderId, amount), settings.settlementTimeLimit());
    }

    @Override
    public void refund(String processKey, String orderId, Money amount) {
        ask(REFUND, processKey, orderId, new MoneyRequest(orderId, amount), settings.settlementTimeLimit());
    }

    private void ask(String kind, String processKey, String orderId, Object content, Duration timeLimit) {
        request.accept(new OutsideCall(kind, processKey, content, orderId + ":" + kind, timeLimit));
    }

    /** What an authorisation needs; stored until the call is closed and purged. */
    record AuthorizationRequest(String orderId, Money amount, String token) {

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "AuthorizationRequest[orderId=" + orderId + ", amount=" + amount + "]";
        }
    }

    /** What the other calls need. */
    record MoneyRequest(String orderId, Money amount) {}
}
