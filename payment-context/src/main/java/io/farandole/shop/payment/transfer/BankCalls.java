package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.bank.TransferOrder;

/**
 * Asks the banks, later and outside any transaction: each request joins the current step's transaction, and the answer comes back
 * as {@link TransferCommand.RecordAnswer}.
 */
interface BankCalls {

    /**
     * Asks for a step; asked for again with the same attempt, it is the same call.
     *
     * @param attempt 0, and one more each time that a person has it asked again
     */
    void ask(TransferStep step, TransferOrder order, int attempt);
}
