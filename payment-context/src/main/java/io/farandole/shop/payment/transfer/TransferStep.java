package io.farandole.shop.payment.transfer;

import io.farandole.shop.payment.transfer.TransferEvent.TransferCancelled;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCompleted;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCredited;
import io.farandole.shop.payment.transfer.TransferEvent.TransferGivenUp;
import io.farandole.shop.payment.transfer.TransferEvent.TransferHeld;
import io.farandole.shop.payment.transfer.TransferEvent.TransferRefused;
import io.farandole.shop.payment.transfer.TransferEvent.TransferSetAside;
import io.farandole.shop.payment.transfer.bank.BankAnswer;
import java.util.Locale;
import java.util.Objects;

/** What the banks are asked for; the names are stored. */
public enum TransferStep {
    /** Both parts at once. */
    XA {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new TransferCompleted(id);
                case REFUSED -> new TransferRefused(id, reason(answer));
                case UNKNOWN -> new TransferGivenUp(id, NO_ANSWER);
                case IN_DOUBT -> setAside(id, answer);
            };
        }
    },
    /** Neither, unless both have been done. */
    CANCEL {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new TransferCompleted(id);
                case REFUSED -> new TransferCancelled(id, state.why());
                case UNKNOWN, IN_DOUBT -> setAside(id, answer);
            };
        }
    },
    /** The payer's amount held. */
    HOLD {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new TransferHeld(id);
                case REFUSED -> new TransferRefused(id, reason(answer));
                case UNKNOWN -> new TransferGivenUp(id, NO_ANSWER);
                case IN_DOUBT -> setAside(id, answer);
            };
        }
    },
    /** The payee's account credited. */
    CREDIT {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new TransferCredited(id);
                case REFUSED -> new TransferGivenUp(id, reason(answer));
                case UNKNOWN, IN_DOUBT -> setAside(id, answer);
            };
        }
    },
    /** What is held, taken. */
    TAKE {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return answer.kind() == BankAnswer.Kind.DONE ? new TransferCompleted(id) : setAside(id, answer);
        }
    },
    /** What is held, given back. */
    RELEASE {
        @Override
        TransferEvent after(TransferState state, String id, BankAnswer answer) {
            return answer.kind() == BankAnswer.Kind.DONE
                    ? new TransferCancelled(id, state.why())
                    : setAside(id, answer);
        }
    };

    /** Why a transfer is given up whose bank does not answer. */
    static final String NO_ANSWER = "bank-unavailable";

    /** What follows from an answer. */
    abstract TransferEvent after(TransferState state, String id, BankAnswer answer);

    /** The kind of outside call that asks for it. */
    String call() {
        return "transfer-" + name().toLowerCase(Locale.ROOT);
    }

    TransferEvent setAside(String id, BankAnswer answer) {
        return new TransferSetAside(id, this, reason(answer));
    }

    private static String reason(BankAnswer answer) {
        return Objects.requireNonNullElse(answer.reason(), "no reason given");
    }
}
