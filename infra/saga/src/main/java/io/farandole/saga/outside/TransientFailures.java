package io.farandole.saga.outside;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Failures that say nothing about the command: a conflict, a lost connection. They are retried without being counted. */
final class TransientFailures {

    private TransientFailures() {}

    static boolean isTransient(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
            if (t instanceof ConcurrencyException
                    || t instanceof LockAcquisitionFailedException
                    || t instanceof TransientDataAccessException
                    || t instanceof RecoverableDataAccessException
                    || t instanceof CannotCreateTransactionException
                    || t instanceof SQLTransientException
                    || t instanceof SQLRecoverableException
                    || (t instanceof SQLException sql && isTransient(sql))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Connection trouble (08), roll-backs such as deadlock (40), shortage (53), an operator's shutdown (57P); or no state where a pool says
     * that it has closed a connection.
     */
    private static boolean isTransient(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                ? String.valueOf(failure.getMessage()).contains("closed")
                : state.startsWith("08") || state.startsWith("40") || state.startsWith("53") || state.startsWith("57P");
    }
}
