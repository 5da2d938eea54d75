package io.farandole.shop.payment.transfer;

import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.shop.payment.transfer.bank.BankAnswer;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import java.util.Objects;
import java.util.function.Function;

/**
 * One kind of question to the banks. The banks know the transfer by its id, which every attempt carries; the call's own key only
 * tells one question from another.
 *
 * @param step what is asked for
 * @param asking asks
 */
record BankCall(TransferStep step, Function<TransferOrder, BankAnswer> asking)
        implements OutsideCallHandler<TransferOrder, BankAnswer> {

    @Override
    public String kind() {
        return step.call();
    }

    @Override
    public Class<TransferOrder> requestType() {
        return TransferOrder.class;
    }

    @Override
    public Class<BankAnswer> resultType() {
        return BankAnswer.class;
    }

    @Override
    public Outcome<BankAnswer> call(TransferOrder request, String idempotencyKey) {
        BankAnswer answer = asking.apply(request);
        return answer.kind() == BankAnswer.Kind.UNKNOWN
                ? Outcome.unknown(Objects.requireNonNullElse(answer.reason(), "no definite answer"))
                : Outcome.known(answer);
    }

    @Override
    public Object command(TransferOrder request, BankAnswer answer) {
        return new TransferCommand.RecordAnswer(request.transferId(), step, answer);
    }

    @Override
    public BankAnswer onTimeLimit(TransferOrder request) {
        return BankAnswer.unknown(
                "The banks have not given a definite answer to step " + step.call()
                        + " within its time limit: see last_error in farandole.outside_call, put it right, then have them asked again");
    }
}
