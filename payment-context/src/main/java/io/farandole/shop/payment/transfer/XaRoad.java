package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.bank.BankAnswer;
import io.farandole.shop.payment.transfer.bank.BankTimeouts;
import io.farandole.shop.payment.transfer.bank.Banks;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import io.farandole.shop.payment.transfer.bank.XaSettings;
import io.farandole.shop.payment.transfer.bank.XaTransfers;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Transfers with XA, where they are configured. Closed with the context. */
final class XaRoad implements AutoCloseable {

    private final @Nullable XaTransfers transfers;

    XaRoad(Banks banks, BankTimeouts timeouts, @Nullable XaSettings settings) {
        transfers = settings == null ? null : XaTransfers.start(banks, timeouts, settings);
    }

    boolean isOpen() {
        return transfers != null;
    }

    /** Asks by XA; what was requested before XA was switched off waits until it is switched on again. */
    BankAnswer ask(TransferOrder order, BiFunction<XaTransfers, TransferOrder, BankAnswer> question) {
        return transfers == null
                ? BankAnswer.unknown("XA is switched off here: set shop.transfer.object-store and shop.transfer.node")
                : question.apply(transfers, order);
    }

    @Override
    public void close() {
        if (transfers != null) {
            transfers.close();
        }
    }
}
