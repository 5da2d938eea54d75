package io.farandole.boot.web;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a request that failed because the database is away from one that met a defect. */
public final class Outages {

    private Outages() {}

    /** Whether it, or what caused it, is the database's absence. */
    public static boolean isOutage(Throwable ex) {
        for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotCreateTransactionException
                    || cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof NonTransientDataAccessResourceException
                    || cause instanceof SQLTransientException
                    || isLoss(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the connection was lost, so that what was asked last may have been done or not. */
    static boolean isConnectionLost(Throwable ex) {
        for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
            if (isLoss(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLoss(Throwable cause) {
        return cause instanceof SQLRecoverableException || (cause instanceof SQLException sql && isLoss(sql));
    }

    /**
     * Class 08: connection; 57P0x: the server is going down or coming up. Without a state: the pool has closed a connection that broke, and
     * all that a failed rollback tells is that, in place of why there was one.
     */
    private static boolean isLoss(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                ? String.valueOf(failure.getMessage()).contains("closed")
                : state.startsWith("08") || state.startsWith("57P0");
    }
}
