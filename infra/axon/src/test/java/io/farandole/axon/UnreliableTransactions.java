package io.farandole.axon;

import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.transaction.TransactionSystemException;

/**
 * Loses the connection where a test wants: at the beginning, before a commit, or after it, so that its answer is lost.
 *
 * @param atBegin asked at each beginning: whether it fails
 * @param atCommit asked at each commit
 */
record UnreliableTransactions(TransactionManager delegate, BooleanSupplier atBegin, Supplier<Fault> atCommit)
        implements TransactionManager {

    enum Fault {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    @Override
    public Transaction startTransaction() {
        if (atBegin.getAsBoolean()) {
            throw lost("begin");
        }
        Transaction transaction = delegate.startTransaction();
        return new Transaction() {
            @Override
            public void commit() {
                Fault fault = atCommit.get();
                if (fault == Fault.BEFORE_COMMIT) {
                    transaction.rollback();
                    throw lost("before commit");
                }
                transaction.commit();
                if (fault == Fault.AFTER_COMMIT) {
                    throw lost("after commit");
                }
            }

            @Override
            public void rollback() {
                transaction.rollback();
            }
        };
    }

    private static RuntimeException lost(String where) {
        return new TransactionSystemException(
                "connection lost " + where, new SQLException("This connection has been closed.", "08006"));
    }
}
