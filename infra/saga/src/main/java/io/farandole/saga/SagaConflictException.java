package io.farandole.saga;

import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Somebody else has started or changed the saga since it was loaded: the transaction must be rolled back, and the batch
 * tried again. It is a conflict, not a defect, and does not count towards parking.
 */
public final class SagaConflictException extends OptimisticLockingFailureException {

    private static final long serialVersionUID = 1L;

    SagaConflictException(String sagaType, String processKey, long version) {
        super(
                version == 0
                        ? "Saga " + sagaType + " of process " + processKey
                                + " has been started by somebody else meanwhile; roll back and try again"
                        : "Saga " + sagaType + " of process " + processKey + " is no longer at version " + version
                                + "; roll back and try again");
    }
}
