package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.payment.transfer.bank.Part.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the parts that the banks hold say of a transfer. Thread-safe. */
final class BankParts {

    private final Banks banks;
    private final BankBook book = new BankBook();

    BankParts(Banks banks) {
        this.banks = banks;
    }

    /**
     * What became of a transfer with XA; null if neither bank has a part of it. Takes no lock, so what is prepared is not seen, but
     * is met by whoever moves the money nevertheless.
     */
    @Nullable BankAnswer ofXa(TransferOrder order) throws SQLException {
        Part debit = find(order, Side.DEBIT);
        if (debit != null && !debit.isOf(order, Side.DEBIT)) {
            return another(order, Side.DEBIT);
        }
        if (debit != null && (debit.state() == State.REFUSED || debit.state() == State.CANCELLED)) {
            return BankAnswer.refused(Objects.requireNonNullElse(debit.reason(), Reasons.CANCELLED));
        }
        Part credit = find(order, Side.CREDIT);
        if (credit != null && !credit.isOf(order, Side.CREDIT)) {
            return another(order, Side.CREDIT);
        }
        if (debit == null && credit == null) {
            return null;
        }
        if (isDone(debit) && isDone(credit)) {
            return BankAnswer.done();
        }
        if (isDone(debit) && credit == null) {
            return half(order, Side.CREDIT, Objects.requireNonNull(debit));
        }
        if (isDone(credit) && debit == null) {
            return half(order, Side.DEBIT, Objects.requireNonNull(credit));
        }
        return BankAnswer.inDoubt("The banks hold parts of " + order.transferId() + " that no transfer with XA leaves: "
                + order.from().bank() + " " + debit + ", " + order.to().bank() + " " + credit);
    }

    /** One bank has committed: the other one has it prepared, or has committed since, or somebody has interfered. */
    private BankAnswer half(TransferOrder order, Side missing, Part done) throws SQLException {
        Bank bank = banks.of(missing.of(order));
        String branch = done.branch();
        try (Connection connection = bank.connect()) {
            if (branch != null && book.isPrepared(connection, branch)) {
                return BankAnswer.unknown(
                        "committed at one bank, prepared at " + bank.name() + ": recovery commits it");
            }
            // In this order: if it was committed after the first look, it is not prepared any more, and it is seen now.
            Part since = book.find(connection, order, missing, false);
            if (isDone(since)) {
                return BankAnswer.done();
            }
        }
        String other = missing == Side.CREDIT ? order.from().bank() : order.to().bank();
        return BankAnswer.inDoubt("Bank " + other + " has done its part of " + order.transferId() + ", and bank "
                + bank.name() + " has neither done nor prepared its own: somebody has rolled the prepared transaction ("
                + branch
                + "…) back, or has restored a backup. Book it by hand at " + bank.name()
                + ", then have the banks asked again");
    }

    /**
     * Refuses for good: takes the payer's key, so that nobody who was asked before and is late can still move anything.
     *
     * @return what holds; something else if another one was faster
     */
    BankAnswer refuse(TransferOrder order, String reason) throws SQLException {
        try {
            boolean first = LocalTransaction.at(
                    banks.of(order.from()),
                    connection -> book.put(connection, order, Side.DEBIT, State.REFUSED, reason));
            if (first) {
                return BankAnswer.refused(reason);
            }
        } catch (RefusedException e) {
            throw new IllegalStateException(e);
        }
        BankAnswer holds = ofXa(order);
        return holds != null ? holds : BankAnswer.unknown("another attempt is under way");
    }

    static BankAnswer another(TransferOrder order, Side side) {
        return BankAnswer.inDoubt("Bank " + side.of(order).bank() + " knows another transfer as " + order.transferId()
                + ": accounts, amount or currency differ");
    }

    private @Nullable Part find(TransferOrder order, Side side) throws SQLException {
        try (Connection connection = banks.of(side.of(order)).connect()) {
            return book.find(connection, order, side, false);
        }
    }

    private static boolean isDone(@Nullable Part part) {
        return part != null && part.state() == State.DONE;
    }

    /** Class and message on one line; a driver's messages hold no values of ours but keys. */
    static String describe(Throwable e) {
        return e.getClass().getSimpleName() + ": "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
