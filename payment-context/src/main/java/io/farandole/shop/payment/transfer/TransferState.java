package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.bank.TransferOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where a transfer stands.
 *
 * @param order what was asked for; null before that
 * @param mode how; null before that
 * @param awaited which answer of the banks; null before it was asked for, and once it has ended
 * @param why it was given up; empty otherwise
 * @param setAside whether a person has to look before the banks are asked again
 * @param attempt how often they were asked again since
 */
record TransferState(
        @Nullable TransferOrder order,
        @Nullable TransferMode mode,
        @Nullable TransferStep awaited,
        String why,
        boolean setAside,
        int attempt) {

    static final TransferState NEW = new TransferState(null, null, null, "", false, 0);

    static TransferState asked(TransferOrder order, TransferMode mode, TransferStep first) {
        return new TransferState(order, mode, first, "", false, 0);
    }

    TransferState awaiting(TransferStep step) {
        return new TransferState(order, mode, step, why, false, attempt);
    }

    TransferState givenUp(String reason) {
        TransferStep next = mode == TransferMode.XA ? TransferStep.CANCEL : TransferStep.RELEASE;
        return new TransferState(order, mode, next, reason, false, attempt);
    }

    TransferState putAside() {
        return new TransferState(order, mode, awaited, why, true, attempt);
    }

    TransferState askedAgain(int times) {
        return new TransferState(order, mode, awaited, why, false, times);
    }

    TransferState ended() {
        return new TransferState(order, mode, null, why, false, attempt);
    }
}
