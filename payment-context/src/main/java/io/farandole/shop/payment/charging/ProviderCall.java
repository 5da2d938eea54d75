package io.farandole.shop.payment.charging;

import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import java.util.function.BiFunction;

/**
 * One kind of call to the provider: how it is made, and which command records its answer. After the time limit the recorded
 * answer is {@link GatewayAnswer.Kind#UNKNOWN}.
 *
 * @param kind its stable name
 * @param requestType what is stored until it is made
 * @param calling makes it, with the idempotency key
 * @param recording the command for an answer
 */
record ProviderCall<Q>(
        String kind,
        Class<Q> requestType,
        BiFunction<Q, String, GatewayAnswer> calling,
        BiFunction<Q, GatewayAnswer, PaymentCommand> recording)
        implements OutsideCallHandler<Q, GatewayAnswer> {

    @Override
    public Class<GatewayAnswer> resultType() {
        return GatewayAnswer.class;
    }

    @Override
    public Outcome<GatewayAnswer> call(Q request, String idempotencyKey) {
        GatewayAnswer answer = calling.apply(request, idempotencyKey);
        String reason = answer.reason();
        return answer.kind() == GatewayAnswer.Kind.UNKNOWN
                ? Outcome.unknown(reason == null ? "no definite answer" : reason)
                : Outcome.known(answer);
    }

    @Override
    public Object command(Q request, GatewayAnswer answer) {
        return recording.apply(request, answer);
    }

    @Override
    public GatewayAnswer onTimeLimit(Q request) {
        return GatewayAnswer.unknown("time-limit");
    }
}
