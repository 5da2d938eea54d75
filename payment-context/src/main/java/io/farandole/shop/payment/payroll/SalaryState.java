package io.farandole.shop.payment.payroll;

import org.jspecify.annotations.Nullable;

/**
 * The fold of one payment's events.
 *
 * @param payment null before it is listed
 * @param goesOn a refusal waits for a person
 * @param ask the last question to its bank; null before the first
 * @param attempt the number of that question; 0 before the first
 * @param refusals after which it was asked for under another branch
 * @param unpaid stuck, and its bank has refused to pay it: the employee has nothing
 */
record SalaryState(
        SalaryPhase phase,
        @Nullable PayrollPayment payment,
        boolean goesOn,
        @Nullable Ask ask,
        int attempt,
        int refusals,
        boolean unpaid) {

    static final SalaryState NEW = new SalaryState(SalaryPhase.LISTED, null, false, null, 0, 0, false);

    static SalaryState listed(PayrollPayment payment, boolean goesOn) {
        return new SalaryState(SalaryPhase.LISTED, payment, goesOn, null, 0, 0, false);
    }

    PayrollPayment listedPayment() {
        if (payment == null) {
            throw new IllegalStateException("A salary that is not listed has no payment");
        }
        return payment;
    }

    SalaryState in(SalaryPhase next) {
        return new SalaryState(next, payment, goesOn, ask, attempt, refusals, false);
    }

    SalaryState stuckUnpaid() {
        return new SalaryState(SalaryPhase.STUCK, payment, goesOn, ask, attempt, refusals, true);
    }

    /** Its bank has refused it, and repeats that for ever under the same branch. */
    boolean isUnpaid() {
        return phase == SalaryPhase.REFUSED || unpaid;
    }

    /** It is asked for anew, after its hold was not confirmed: all others are paid, so it cannot undo the payroll any more. */
    boolean isPaidLate() {
        return !goesOn && refusals > 0;
    }

    SalaryState underAnotherBranch() {
        return new SalaryState(phase, payment, goesOn, ask, attempt, refusals + 1, unpaid);
    }

    SalaryState asked(Ask what, int number) {
        SalaryPhase next =
                switch (what) {
                    case PAY -> SalaryPhase.PAYING;
                    case HOLD -> SalaryPhase.HOLDING;
                    case CONFIRM -> SalaryPhase.CONFIRMING;
                    case TAKE_BACK -> SalaryPhase.REVERSING;
                };
        return new SalaryState(next, payment, goesOn, what, number, refusals, false);
    }

    boolean awaits(int number) {
        return attempt == number
                && (phase == SalaryPhase.PAYING
                        || phase == SalaryPhase.HOLDING
                        || phase == SalaryPhase.CONFIRMING
                        || phase == SalaryPhase.REVERSING);
    }

    /** The next question to its bank. */
    SalaryAsk next(String globalId, int position, Ask what) {
        int times = what == Ask.PAY && isUnpaid() ? refusals + 1 : refusals;
        String branch = listedPayment().branch();
        return new SalaryAsk(
                globalId,
                position,
                what,
                attempt + 1,
                listedPayment(),
                times == 0 ? branch : branch + "~" + (times + 1));
    }
}
