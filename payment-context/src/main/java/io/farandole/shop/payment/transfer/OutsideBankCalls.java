package io.farandole.shop.payment.transfer;

import io.farandole.saga.outside.OutsideCall;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import java.util.function.Consumer;

/** Questions to banks as outside calls of the framework. */
final class OutsideBankCalls implements BankCalls {

    private final Consumer<OutsideCall> request;
    private final TransferSettings settings;

    OutsideBankCalls(Consumer<OutsideCall> request, TransferSettings settings) {
        this.request = request;
        this.settings = settings;
    }

    @Override
    public void ask(TransferStep step, TransferOrder order, int attempt) {
        boolean canBeGivenUp = step == TransferStep.XA || step == TransferStep.HOLD;
        request.accept(new OutsideCall(
                step.call(),
                order.transferId(),
                order,
                order.transferId() + ":" + attempt,
                canBeGivenUp ? settings.timeLimit() : settings.settlementTimeLimit()));
    }
}
