package io.farandole.shop.payment.transfer.bank;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.XAConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transfers with XA: both banks' parts in one transaction, or none.
 *
 * <p>Asked for the same transfer any number of times, by any number of instances, it moves the money once: the part's key is
 * written in the transaction that moves it, and a refusal takes the payer's key for good. Each question begins with what both banks
 * hold; that is also how the outcome of a transaction in doubt is found out.
 *
 * <p>Blocks for a bounded time, thread-safe, to be called with no transaction open. Make one per process; {@link #close} it.
 */
public final class XaTransfers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(XaTransfers.class);

    private final Banks banks;
    private final Duration timeLimit;
    private final XaCoordinator coordinator;
    private final XaMoments moments;
    private final BankParts parts;
    private final BankBook book = new BankBook();

    XaTransfers(Banks banks, BankTimeouts timeouts, XaSettings settings, XaMoments moments) {
        this.banks = banks;
        this.timeLimit = timeouts.transaction();
        this.moments = moments;
        this.parts = new BankParts(banks);
        this.coordinator = XaCoordinator.start(banks, settings);
    }

    /**
     * Starts the coordinator and its recovery. The banks stay the caller's.
     *
     * @throws IllegalStateException if that would not be safe; the message names the property
     */
    public static XaTransfers start(Banks banks, BankTimeouts timeouts, XaSettings settings) {
        return new XaTransfers(banks, timeouts, settings, XaMoments.onClassPath());
    }

    /** Moves the money, or finds out that it was moved, or why it was not. */
    public BankAnswer transfer(TransferOrder order) {
        try {
            BankAnswer known = parts.ofXa(order);
            return known != null ? known : move(order);
        } catch (SQLException e) {
            return BankAnswer.unknown(BankParts.describe(e));
        }
    }

    /**
     * Gives a transfer up, unless it has been done: {@code REFUSED} if nothing was moved, nor will be by anybody who was asked
     * before and is late; {@code DONE} if it had been done.
     */
    public BankAnswer cancel(TransferOrder order) {
        try {
            BankAnswer known = parts.ofXa(order);
            return known != null ? known : parts.refuse(order, Reasons.CANCELLED);
        } catch (SQLException e) {
            return BankAnswer.unknown(BankParts.describe(e));
        }
    }

    private BankAnswer move(TransferOrder order) throws SQLException {
        List<Branch> branches = new ArrayList<>();
        TransactionManager transactions = coordinator.transactions();
        try {
            transactions.setTransactionTimeout((int) timeLimit.toSeconds());
            transactions.begin();
        } catch (NotSupportedException | SystemException e) {
            throw new IllegalStateException("No XA transaction can begin on this thread", e);
        }
        try {
            for (Side side : inOrderOfLocks(order)) {
                work(order, side, transactions.getTransaction(), branches);
            }
            transactions.commit();
            if (!branches.stream().allMatch(branch -> branch.xa.isFinished())) {
                return BankAnswer.unknown("decided, and not every bank has confirmed it yet: recovery tells it again");
            }
            return BankAnswer.done();
        } catch (RefusedException e) {
            rollBack(transactions);
            return parts.refuse(order, e.reason());
        } catch (RollbackException e) {
            return BankAnswer.unknown("rolled back by both banks: " + BankParts.describe(e));
        } catch (HeuristicMixedException | HeuristicRollbackException e) {
            log.error("Transfer {} has a heuristic outcome; what the banks hold is looked at", order.transferId(), e);
            return BankAnswer.unknown("heuristic outcome: " + BankParts.describe(e));
        } catch (SystemException e) {
            return BankAnswer.unknown(BankParts.describe(e));
        } finally {
            rollBack(transactions);
            branches.forEach(Branch::end);
        }
    }

    /** Rows in one order everywhere: a deadlock over two databases is seen by neither of them. */
    private static List<Side> inOrderOfLocks(TransferOrder order) {
        return Stream.of(Side.values())
                .sorted((one, other) -> one.of(order).compareTo(other.of(order)))
                .toList();
    }

    private void work(TransferOrder order, Side side, Transaction transaction, List<Branch> branches)
            throws SQLException, RefusedException, RollbackException, SystemException {
        Bank bank = banks.of(side.of(order));
        XAConnection connection = bank.takeXa();
        Branch branch;
        boolean known = false;
        try {
            branch = new Branch(bank, connection, new XaBranch(connection.getXAResource(), bank.name(), moments));
            branches.add(branch);
            known = true;
        } finally {
            if (!known) {
                bank.discard(connection);
            }
        }
        if (!transaction.enlistResource(branch.xa)) {
            throw new SQLException("Bank " + bank.name() + " does not take part in the transaction", "08000");
        }
        try (Connection session = connection.getConnection()) {
            book.move(session, order, side, branch.xa.branch());
        }
    }

    /** Ends what this thread has not ended yet. */
    private void rollBack(TransactionManager transactions) {
        try {
            if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
                transactions.rollback();
            }
        } catch (SystemException | RuntimeException e) {
            // Nothing is logged of it, so whatever a bank may have prepared is rolled back by recovery.
            log.warn("A transfer could not be rolled back everywhere now; recovery does", e);
        }
    }

    /** Stops looking for what is in doubt; a later start goes on with it. */
    @Override
    public void close() {
        coordinator.close();
    }

    /** A connection that takes part; given back if its bank has told of the end, thrown away otherwise. */
    private static final class Branch {

        private final Bank bank;
        private final XAConnection connection;
        private final XaBranch xa;

        Branch(Bank bank, XAConnection connection, XaBranch xa) {
            this.bank = bank;
            this.connection = connection;
            this.xa = xa;
        }

        void end() {
            if (xa.isFinished()) {
                bank.giveBack(connection);
            } else {
                bank.discard(connection);
            }
        }
    }
}
