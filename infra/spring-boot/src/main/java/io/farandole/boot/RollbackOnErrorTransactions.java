package io.farandole.boot;

import org.axonframework.common.transaction.Transaction;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Axon's bridge to Spring's transactions, that ends a transaction together with the unit of work it was begun for. Where an {@link Error}, such as a
 * {@link StackOverflowError} of a serializer, is thrown while a unit of work commits, Axon 4.13 neither commits nor rolls back: the
 * connection would never come back to the pool, and the thread's next request would join the open transaction, be answered, and never be
 * committed.
 */
final class RollbackOnErrorTransactions extends SpringTransactionManager {

    RollbackOnErrorTransactions(PlatformTransactionManager transactions) {
        super(transactions);
    }

    @Override
    public Transaction startTransaction() {
        Transaction transaction = super.startTransaction();
        if (CurrentUnitOfWork.isStarted()) {
            UnitOfWork<?> unit = CurrentUnitOfWork.get();
            // A nested one takes part in the transaction of the root.
            if (unit.isRoot() && unit.isActive()) {
                // Does nothing after a commit or a rollback.
                unit.onCleanup(ended -> transaction.rollback());
            }
        }
        return transaction;
    }
}
