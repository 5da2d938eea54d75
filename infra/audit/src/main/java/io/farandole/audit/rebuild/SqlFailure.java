package io.farandole.audit.rebuild;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;

/** What a failure means for a rebuild (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
enum SqlFailure {

    /** Two transactions met, or a lock was not to be had in time: trying again is the remedy. */
    CONFLICT,

    /** PostgreSQL has no room left. */
    DISK_FULL,

    /** The database cannot be reached: waiting is the remedy. */
    OUTAGE,

    /** Anything else. */
    DEFECT;

    private static final int DEEPEST_CAUSE = 30;

    static SqlFailure of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof SQLException sql) {
                SqlFailure kind = of(sql.getSQLState());
                if (kind != DEFECT) {
                    return kind;
                }
            }
            if (cause instanceof CannotCreateTransactionException) {
                return OUTAGE;
            }
            cause = cause.getCause();
        }
        return DEFECT;
    }

    private static SqlFailure of(@Nullable String state) {
        if (state == null) {
            return DEFECT;
        }
        if (state.startsWith("40") || state.equals("55P03")) {
            return CONFLICT;
        }
        if (state.equals("53100")) {
            return DISK_FULL;
        }
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.startsWith("58")
                ? OUTAGE
                : DEFECT;
    }
}
