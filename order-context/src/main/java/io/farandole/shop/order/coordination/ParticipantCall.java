package io.farandole.shop.order.coordination;

import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCallSettings;
import java.time.Duration;
import java.util.function.Function;

/**
 * One kind of question to a participant. The participant knows the step by the order's id, which every attempt carries: what it has done it
 * answers again.
 *
 * @param lease how long a question may take before another instance asks it; well above the time-outs
 */
record ParticipantCall(CoordinationStep step, Function<ParticipantRequest, ParticipantAnswer> asking, Duration lease)
        implements OutsideCallHandler<ParticipantRequest, ParticipantAnswer> {

    private static final int AT_ONCE = 32;

    /** A charge is asked for again until the provider has answered, which as a rule it does within milliseconds. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    @Override
    public String kind() {
        return step.call();
    }

    @Override
    public Class<ParticipantRequest> requestType() {
        return ParticipantRequest.class;
    }

    @Override
    public Class<ParticipantAnswer> resultType() {
        return ParticipantAnswer.class;
    }

    @Override
    public OutsideCallSettings.Kind settings(OutsideCallSettings.Kind common) {
        return new OutsideCallSettings.Kind(AT_ONCE, lease, FIRST_PAUSE, LONGEST_PAUSE, common.timeLimit());
    }

    @Override
    public Outcome<ParticipantAnswer> call(ParticipantRequest request, String idempotencyKey) {
        ParticipantAnswer answer = asking.apply(request);
        return answer.kind() == ParticipantAnswer.Kind.UNKNOWN ? Outcome.unknown(answer.why()) : Outcome.known(answer);
    }

    @Override
    public Object command(ParticipantRequest request, ParticipantAnswer answer) {
        return new CoordinationCommand.RecordAnswer(request.orderId(), step, answer);
    }

    @Override
    public ParticipantAnswer onTimeLimit(ParticipantRequest request) {
        return ParticipantAnswer.unknown(step.participant() + "-unavailable");
    }
}
