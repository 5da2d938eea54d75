package io.farandole.shop.order.coordination;

import io.farandole.saga.outside.OutsideCall;
import java.util.function.Consumer;

/** Questions to participants as outside calls of the framework. */
final class OutsideParticipantCalls implements ParticipantCalls {

    private final Consumer<OutsideCall> request;
    private final CoordinationSettings settings;

    OutsideParticipantCalls(Consumer<OutsideCall> request, CoordinationSettings settings) {
        this.request = request;
        this.settings = settings;
    }

    @Override
    public void ask(CoordinationStep step, ParticipantRequest content, int attempt) {
        request.accept(new OutsideCall(
                step.call(),
                content.orderId(),
                content,
                content.orderId() + ":" + attempt,
                step.canBeGivenUp() ? settings.timeLimit() : settings.settlementTimeLimit()));
    }
}
