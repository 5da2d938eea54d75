package io.farandole.shop.payment.transfer;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.TransferOrder;

/** What happened to a transfer. */
public sealed interface TransferEvent {

    /** The transfer, here and at the banks. */
    String transferId();

    /** The state after this event. Never refuses. */
    TransferState evolve(TransferState state);

    /** It is to be done with XA. */
    record XaTransferRequested(String transferId, BankAccount from, BankAccount to, Money amount)
            implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return TransferState.asked(order(), TransferMode.XA, TransferStep.XA);
        }

        TransferOrder order() {
            return new TransferOrder(transferId, from, to, amount);
        }
    }

    /** It is to be done step by step. */
    record HeldTransferRequested(String transferId, BankAccount from, BankAccount to, Money amount)
            implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return TransferState.asked(order(), TransferMode.SAGA, TransferStep.HOLD);
        }

        TransferOrder order() {
            return new TransferOrder(transferId, from, to, amount);
        }
    }

    /** The payer's bank holds the amount. */
    record TransferHeld(String transferId) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.awaiting(TransferStep.CREDIT);
        }
    }

    /** The payee has it; what is held is to be taken. */
    record TransferCredited(String transferId) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.awaiting(TransferStep.TAKE);
        }
    }

    /** It is not to be done any more; the payer's bank is to say that it never will be. */
    record TransferGivenUp(String transferId, String reason) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.givenUp(reason);
        }
    }

    /** The money has been moved. */
    record TransferCompleted(String transferId) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.ended();
        }
    }

    /** A bank refused, and nothing was moved. */
    record TransferRefused(String transferId, String reason) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.ended();
        }
    }

    /** It was given up, and nothing is moved or held any more. */
    record TransferCancelled(String transferId, String reason) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.ended();
        }
    }

    /** What the banks hold cannot be settled by asking them: a person has to look. */
    record TransferSetAside(String transferId, TransferStep step, String text) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.putAside();
        }
    }

    /** A person has looked: the banks are to be asked again. */
    record TransferAskedAgain(String transferId, TransferStep step, int attempt) implements TransferEvent {
        @Override
        public TransferState evolve(TransferState state) {
            return state.askedAgain(attempt);
        }
    }
}
