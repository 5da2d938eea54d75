package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.TransferEvent.HeldTransferRequested;
import io.farandole.shop.payment.transfer.TransferEvent.TransferAskedAgain;
import io.farandole.shop.payment.transfer.TransferEvent.XaTransferRequested;
import io.farandole.shop.payment.transfer.bank.BankAnswer;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What a transfer can be told. Each can come twice. */
sealed interface TransferCommand {

    /** Which one. */
    String transferId();

    /** What follows from it; empty if it changes nothing. */
    List<TransferEvent> decide(TransferState state);

    /** It is wanted. Answers whether it was wanted so, and not as another one under the same id. */
    record RequestTransfer(@TargetAggregateIdentifier String transferId, TransferOrder order, TransferMode mode)
            implements TransferCommand {
        @Override
        public List<TransferEvent> decide(TransferState state) {
            if (state.order() != null) {
                return List.of();
            }
            return List.of(
                    mode == TransferMode.XA
                            ? new XaTransferRequested(transferId, order.from(), order.to(), order.amount())
                            : new HeldTransferRequested(transferId, order.from(), order.to(), order.amount()));
        }
    }

    /** The banks have answered. What was not asked for any more changes nothing. */
    record RecordAnswer(@TargetAggregateIdentifier String transferId, TransferStep step, BankAnswer answer)
            implements TransferCommand {
        @Override
        public List<TransferEvent> decide(TransferState state) {
            return state.awaited() == step && !state.setAside()
                    ? List.of(step.after(state, transferId, answer))
                    : List.of();
        }
    }

    /** A person has looked at what was set aside. */
    record AskBanksAgain(@TargetAggregateIdentifier String transferId) implements TransferCommand {
        @Override
        public List<TransferEvent> decide(TransferState state) {
            TransferStep step = state.awaited();
            return state.setAside() && step != null
                    ? List.of(new TransferAskedAgain(transferId, step, state.attempt() + 1))
                    : List.of();
        }
    }
}
