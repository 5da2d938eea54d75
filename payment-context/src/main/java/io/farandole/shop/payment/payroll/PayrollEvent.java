package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;

/** What happened to a payroll as a whole. */
public sealed interface PayrollEvent {

    /** The payroll. */
    String globalId();

    /** The state after this event. Never refuses. */
    PayrollState evolve(PayrollState state);

    /**
     * It was accepted, with the company's account debited in the same transaction.
     *
     * @param fingerprint of everything that was asked for
     */
    record PayrollStarted(String globalId, PayrollTerms terms, String fingerprint) implements PayrollEvent {
        @Override
        public PayrollState evolve(PayrollState state) {
            return new PayrollState(PayrollState.Phase.RUNNING, fingerprint);
        }
    }

    /** No further payment is begun; what it was to undo is undone from now on. */
    record PayrollStopped(String globalId, String reason) implements PayrollEvent {
        @Override
        public PayrollState evolve(PayrollState state) {
            return state.in(PayrollState.Phase.STOPPED);
        }
    }

    /**
     * The company has back what came back, and nothing is under way any more.
     *
     * @param paid and kept by the employees
     * @param returned to the company
     * @param shortfall neither of the two
     */
    record PayrollSettled(String globalId, PayrollOutcome outcome, Money paid, Money returned, Money shortfall)
            implements PayrollEvent {
        @Override
        public PayrollState evolve(PayrollState state) {
            return state.in(PayrollState.Phase.SETTLED);
        }
    }

    /** The initiator has taken the notice of its end. */
    record InitiatorNotified(String globalId) implements PayrollEvent {
        @Override
        public PayrollState evolve(PayrollState state) {
            return state;
        }
    }

    /** The initiator could not be told within the time limit: it has to ask. */
    record InitiatorNotReached(String globalId, String reason) implements PayrollEvent {
        @Override
        public PayrollState evolve(PayrollState state) {
            return state;
        }
    }
}
