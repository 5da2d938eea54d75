package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.payment.transfer.bank.Part.State;
import java.sql.SQLException;
import java.util.Objects;

/**
 * The steps of a transfer without XA, each one local transaction at one bank: {@link #hold} at the payer's, {@link #credit} at the
 * payee's, then {@link #take} what is held, or {@link #release} it. What is held is not spent meanwhile, so it can always be taken
 * or given back.
 *
 * <p>Each bank's part is its barrier: a step that comes again is answered as before, one that was given up before it came is
 * refused. Blocks for a bounded time; thread-safe.
 */
public final class HeldTransfers {

    private final Banks banks;
    private final BankBook book = new BankBook();

    public HeldTransfers(Banks banks) {
        this.banks = banks;
    }

    /** Holds the amount at the payer's bank, unless it was released before. */
    public BankAnswer hold(TransferOrder order) {
        return at(
                order,
                Side.DEBIT,
                (bank) -> LocalTransaction.at(bank, connection -> {
                    if (book.put(connection, order, Side.DEBIT, State.HELD, null)) {
                        if (!book.hold(connection, order)) {
                            throw new RefusedException(book.whyNot(connection, order, Side.DEBIT));
                        }
                        return BankAnswer.done();
                    }
                    return ofPart(order, Side.DEBIT, book.find(connection, order, Side.DEBIT, true));
                }));
    }

    /** Credits the payee's account. */
    public BankAnswer credit(TransferOrder order) {
        return at(
                order,
                Side.CREDIT,
                (bank) -> LocalTransaction.at(bank, connection -> {
                    Part part = book.find(connection, order, Side.CREDIT, true);
                    if (part == null) {
                        book.move(connection, order, Side.CREDIT, null);
                        return BankAnswer.done();
                    }
                    return ofPart(order, Side.CREDIT, part);
                }));
    }

    /** Takes what is held at the payer's bank. */
    public BankAnswer take(TransferOrder order) {
        return at(
                order,
                Side.DEBIT,
                (bank) -> LocalTransaction.at(bank, connection -> {
                    Part part = book.find(connection, order, Side.DEBIT, true);
                    if (part != null && part.state() == State.HELD && part.isOf(order, Side.DEBIT)) {
                        book.change(connection, order, Side.DEBIT, State.DONE);
                        book.take(connection, order);
                        return BankAnswer.done();
                    }
                    return part != null && part.state() == State.DONE
                            ? ofPart(order, Side.DEBIT, part)
                            : BankAnswer.inDoubt("Bank " + bank.name() + " holds nothing for " + order.transferId()
                                    + ", whose payee has been credited: " + part);
                }));
    }

    /** Gives back what is held, or sees to it that it never will be. */
    public BankAnswer release(TransferOrder order) {
        return at(
                order,
                Side.DEBIT,
                (bank) -> LocalTransaction.at(bank, connection -> {
                    if (book.put(connection, order, Side.DEBIT, State.CANCELLED, Reasons.CANCELLED)) {
                        return BankAnswer.done();
                    }
                    Part part = Objects.requireNonNull(book.find(connection, order, Side.DEBIT, true));
                    if (part.state() == State.HELD && part.isOf(order, Side.DEBIT)) {
                        book.change(connection, order, Side.DEBIT, State.CANCELLED);
                        book.release(connection, order);
                        return BankAnswer.done();
                    }
                    return part.state() == State.DONE
                            ? BankAnswer.inDoubt(
                                    "Bank " + bank.name() + " has taken what was held for " + order.transferId())
                            : BankAnswer.done();
                }));
    }

    private static BankAnswer ofPart(TransferOrder order, Side side, @org.jspecify.annotations.Nullable Part part) {
        if (part == null || !part.isOf(order, side)) {
            return BankParts.another(order, side);
        }
        return part.state() == State.HELD || part.state() == State.DONE
                ? BankAnswer.done()
                : BankAnswer.refused(Objects.requireNonNullElse(part.reason(), Reasons.CANCELLED));
    }

    private BankAnswer at(TransferOrder order, Side side, Asking asking) {
        Bank bank = banks.of(side.of(order));
        try {
            try {
                return asking.of(bank);
            } catch (RefusedException e) {
                return refuse(bank, order, side, e.reason());
            }
        } catch (SQLException e) {
            return BankAnswer.unknown(BankParts.describe(e));
        }
    }

    /** A refusal is remembered: who asks again hears the same, though the account may have been filled meanwhile. */
    private BankAnswer refuse(Bank bank, TransferOrder order, Side side, String reason) throws SQLException {
        try {
            return LocalTransaction.at(
                    bank,
                    connection -> book.put(connection, order, side, State.REFUSED, reason)
                            ? BankAnswer.refused(reason)
                            : ofPart(order, side, book.find(connection, order, side, true)));
        } catch (RefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Asking {
        BankAnswer of(Bank bank) throws SQLException, RefusedException;
    }
}
