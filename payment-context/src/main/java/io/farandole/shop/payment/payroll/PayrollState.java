package io.farandole.shop.payment.payroll;

import org.jspecify.annotations.Nullable;

/**
 * The fold of a payroll's events: of the same size however many it pays.
 *
 * @param fingerprint of what was asked for; null before it is started
 */
record PayrollState(Phase phase, @Nullable String fingerprint) {

    static final PayrollState NEW = new PayrollState(Phase.NEW, null);

    enum Phase {
        NEW,
        RUNNING,
        STOPPED,
        SETTLED
    }

    PayrollState in(Phase next) {
        return new PayrollState(next, fingerprint);
    }
}
