package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one payment of a payroll. Each event is small, and its process is the payroll: so the payroll's saga hears of all of
 * them in their order, and needs to remember none.
 */
public sealed interface SalaryEvent {

    /** The payroll. */
    String globalId();

    /** Which of its payments; the first is 0. */
    int position();

    /** The state after this event. Never refuses. */
    SalaryState evolve(SalaryState state);

    /**
     * It is to be paid.
     *
     * @param goesOn a refusal waits for a person, and does not undo the payroll
     */
    record SalaryListed(String globalId, int position, PayrollPayment payment, boolean goesOn) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return SalaryState.listed(payment, goesOn);
        }
    }

    /** Its bank is asked. */
    record SalaryAsked(String globalId, int position, Ask ask, int attempt) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.asked(ask, attempt);
        }
    }

    /** A person has its bank asked once more. */
    record SalaryRetried(String globalId, int position, SalaryAsk ask, String by, String reason)
            implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            SalaryState again = ask.ask() == Ask.PAY && state.isUnpaid() ? state.underAnotherBranch() : state;
            return again.asked(ask.ask(), ask.attempt());
        }
    }

    /** The amount is held. */
    record SalaryHeld(String globalId, int position) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.HELD);
        }
    }

    /** The employee has it. */
    record SalaryPaid(String globalId, int position, Money amount) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.PAID);
        }
    }

    /** Its bank has refused it: nothing has moved. */
    record SalaryRefused(String globalId, int position, String reason) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.REFUSED);
        }
    }

    /** Its bank has not answered in time: it may have been paid. */
    record SalaryUnresolved(String globalId, int position, String reason) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.UNRESOLVED);
        }
    }

    /** It is back, or never was paid. */
    record SalaryReversed(String globalId, int position, Money amount) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.REVERSED);
        }
    }

    /**
     * A person has to decide: it is part of the shortfall until then.
     *
     * @param ask what its bank did not do
     * @param lacking minor units that were missing on the employee's account; null if the bank did not say
     * @param refused whether its bank has refused it for ever, or nobody knows; null is nobody knows
     */
    record SalaryStuck(
            String globalId,
            int position,
            Ask ask,
            Money amount,
            String reason,
            @Nullable Long lacking,
            @Nullable Boolean refused)
            implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return ask != Ask.TAKE_BACK && Boolean.TRUE.equals(refused)
                    ? state.stuckUnpaid()
                    : state.in(SalaryPhase.STUCK);
        }
    }

    /** Given up before it was paid: the company gets it back. */
    record SalaryDropped(String globalId, int position, Money amount, String by, String reason) implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.DROPPED);
        }
    }

    /** Given up after it was paid: the company's loss. */
    record SalaryWrittenOff(String globalId, int position, Money amount, String by, String reason)
            implements SalaryEvent {
        @Override
        public SalaryState evolve(SalaryState state) {
            return state.in(SalaryPhase.WRITTEN_OFF);
        }
    }
}
