package io.farandole.boot.web;

import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.dao.ConcurrencyFailureException;

/** Which failures mean: somebody else was there at the same moment, and the same request works when it is run again. */
final class Conflicts {

    private Conflicts() {}

    static boolean isConflict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConcurrencyException
                    || cause instanceof AggregateStreamCreationException
                    || cause instanceof ConcurrencyFailureException
                    || cause instanceof LockAcquisitionFailedException
                    || cause instanceof AnswerTakenException) {
                return true;
            }
        }
        return false;
    }
}
