package io.farandole.axon;

import java.util.function.Supplier;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/**
 * What Axon's work package gets for a transaction manager: the transaction that it attaches to a batch's unit of work is
 * not begun there, but by {@link BatchAttempt}. A database that is away for a while then fails an attempt, which is
 * repeated, and not the work package, which would give up its segment with a growing wait. Everything else (claims, splits,
 * merges) runs in real transactions.
 */
record DeferredTransactions(TransactionManager delegate) implements TransactionManager {

    private static final Transaction BEGUN_LATER = new Transaction() {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}
    };

    @Override
    public Transaction startTransaction() {
        return BEGUN_LATER;
    }

    @Override
    public void executeInTransaction(Runnable task) {
        delegate.executeInTransaction(task);
    }

    @Override
    public <T> T fetchInTransaction(Supplier<T> supplier) {
        return delegate.fetchInTransaction(supplier);
    }
}
