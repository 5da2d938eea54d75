package io.farandole.boot.web;

import java.sql.SQLException;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.dao.ConcurrencyFailureException;

/** Which failures mean: somebody else was there at the same moment, and the same request works when it is run again. */
final class Conflicts {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private Conflicts() {}

    static boolean isConflict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConcurrencyException
                    || cause instanceof AggregateStreamCreationException
                    || cause instanceof ConcurrencyFailureException
                    || cause instanceof LockAcquisitionFailedException
                    || cause instanceof AnswerTakenException
                    || (cause instanceof SQLException sql && isConflict(sql))) {
                return true;
            }
        }
        return false;
    }

    /** By SQLSTATE, for Spring does not translate them all: class 40, transaction rollback, and a lock's time-out. */
    private static boolean isConflict(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("40") || state.equals(LOCK_NOT_AVAILABLE));
    }

    /** Whether a wait for a lock was given up. */
    static boolean isLockTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
