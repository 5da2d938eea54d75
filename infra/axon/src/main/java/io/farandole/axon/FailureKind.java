package io.farandole.axon;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.ConflictingModificationException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What a failure means for the batch in which it happened. */
enum FailureKind {

    /** Two writers met: a version conflict, a deadlock, a serialisation failure. Trying again is the remedy. */
    CONFLICT,

    /** The database cannot be reached or refuses everybody. Waiting is the remedy; nobody is to blame. */
    OUTAGE,

    /** This worker must stop: its segment belongs to another instance, or the JVM is out of memory. */
    FENCED,

    /** Everything else: a defect, or an outage of something that one handler depends on. It counts towards parking. */
    DEFECT;

    private static final int DEEPEST_CAUSE = 30;

    /** By name: JPA is not among what this module uses, but handlers do. */
    private static final Set<String> PERSISTENCE_CONFLICTS = Set.of(
            "jakarta.persistence.OptimisticLockException",
            "jakarta.persistence.PessimisticLockException",
            "jakarta.persistence.LockTimeoutException",
            "org.hibernate.StaleStateException",
            "org.hibernate.StaleObjectStateException");

    /** Looks through all causes, outermost first: frameworks wrap what a driver or a store throws. */
    static FailureKind of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            FailureKind kind = own(cause);
            if (kind != null) {
                return kind;
            }
            cause = cause.getCause();
        }
        return DEFECT;
    }

    private static @Nullable FailureKind own(Throwable failure) {
        if (failure instanceof UnableToClaimTokenException
                || (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError))) {
            return FENCED;
        }
        if (failure instanceof ConcurrencyException
                || failure instanceof ConflictingModificationException
                || failure instanceof LockAcquisitionFailedException
                || failure instanceof ConcurrencyFailureException
                || PERSISTENCE_CONFLICTS.contains(failure.getClass().getName())) {
            return CONFLICT;
        }
        if (failure instanceof SQLException sqlException) {
            return ofSql(sqlException);
        }
        if (failure instanceof CannotCreateTransactionException
                || failure instanceof DataAccessResourceFailureException
                || failure instanceof TransientDataAccessResourceException) {
            return OUTAGE;
        }
        return null;
    }

    /**
     * By SQLSTATE where there is one (https://www.postgresql.org/docs/current/errcodes-appendix.html). Class 08 connection
     * exception, 53 insufficient resources, 57P operator intervention, 58 system error, 25006 read-only (a standby), or no
     * state at all where a pool says that it has closed a connection: outage. Class 40 transaction rollback, 55P03 lock not
     * available: conflict. A unique violation (23505) is a conflict only where a store says so with one of the exceptions
     * above: in an application's table it may be a defect.
     */
    private static @Nullable FailureKind ofSql(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null && String.valueOf(failure.getMessage()).contains("closed")) {
            return OUTAGE;
        }
        if (state != null) {
            if (state.startsWith("40") || state.equals("55P03")) {
                return CONFLICT;
            }
            if (state.startsWith("08")
                    || state.startsWith("53")
                    || state.startsWith("57P")
                    || state.startsWith("58")
                    || state.equals("25006")) {
                return OUTAGE;
            }
        }
        return failure instanceof SQLTransientException
                        || failure instanceof SQLRecoverableException
                        || failure instanceof SQLNonTransientConnectionException
                ? OUTAGE
                : null;
    }
}
