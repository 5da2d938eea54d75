package io.farandole.shop.order.registration;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends workers right after an outside call was answered: what they know is gone, as it is with their process; or the process itself, at the
 * failpoint that {@link #HALT_AT} names.
 */
public final class KilledAfterSending implements FailpointListener {

    /** The system property with the name of a failpoint. */
    static final String HALT_AT = "registration.test.halt-at";

    /** As a process ends that was killed with signal 9. */
    static final int EXIT_CODE = 137;

    private static final String HALTS = System.getProperty(HALT_AT, "");
    private static final AtomicInteger LEFT = new AtomicInteger();

    /** So many times from now on. */
    static void times(int times) {
        LEFT.set(times);
    }

    static int left() {
        return LEFT.get();
    }

    @Override
    public void reached(Failpoint failpoint) {
        if (failpoint.name().equals(HALTS)) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        if (failpoint == Failpoint.OUTSIDE_CALL_ANSWERED
                && LEFT.get() > 0
                && LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new Killed();
        }
    }

    /** Nobody catches it but the worker, which leaves the call to its lease. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed after sending, as a test wants it");
        }
    }
}
