package io.farandole.shop.payment.transfer.bank;

import org.jspecify.annotations.Nullable;

/** A bank's part of a transfer, as its table has it. */
record Part(
        String account, long amount, String currency, State state, @Nullable String reason, @Nullable String branch) {

    enum State {
        HELD,
        DONE,
        REFUSED,
        CANCELLED
    }

    /** Whether it was written for the same transfer, and not for another one under the same id. */
    boolean isOf(TransferOrder order, Side side) {
        return account.equals(side.of(order).account())
                && amount == order.amount().minor()
                && currency.equals(order.amount().currency());
    }
}
