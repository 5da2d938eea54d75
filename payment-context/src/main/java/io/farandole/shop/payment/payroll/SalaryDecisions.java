package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryAsked;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryDropped;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryHeld;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryPaid;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRefused;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRetried;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryReversed;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryStuck;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryUnresolved;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryWrittenOff;
import io.farandole.shop.payment.payroll.bank.BankAnswer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What happens to one payment. Pure. */
final class SalaryDecisions {

    /** Who decides what no person has decided. */
    static final String PAYROLL = "payroll";

    private SalaryDecisions() {}

    /** Whether its bank is to be asked that now. */
    static boolean isDue(SalaryState state, Ask ask) {
        return switch (ask) {
            case PAY, HOLD -> state.payment() != null && state.phase() == SalaryPhase.LISTED;
            case CONFIRM -> state.phase() == SalaryPhase.HELD;
            case TAKE_BACK -> false; // see takeBack
        };
    }

    /** What taking it back comes to. */
    static TakeBack.Kind takeBack(SalaryState state, boolean paidToo) {
        return switch (state.phase()) {
            case PAID -> paidToo ? TakeBack.Kind.ASK : TakeBack.Kind.NOTHING;
            case HELD, UNRESOLVED -> TakeBack.Kind.ASK;
            case REFUSED -> state.goesOn() ? TakeBack.Kind.DROP : TakeBack.Kind.NOTHING;
            case PAYING, HOLDING, CONFIRMING -> TakeBack.Kind.WAIT;
            case LISTED, REVERSING, REVERSED, STUCK, DROPPED, WRITTEN_OFF -> TakeBack.Kind.NOTHING;
        };
    }

    static List<SalaryEvent> answered(
            SalaryState state, String globalId, int position, int attempt, BankAnswer answer) {
        if (!state.awaits(attempt)) {
            return List.of(); // recorded before
        }
        Money amount = state.listedPayment().amount();
        Ask ask = Objects.requireNonNull(state.ask(), "ask");
        boolean done = answer.kind() == BankAnswer.Kind.DONE;
        boolean refused = answer.kind() == BankAnswer.Kind.REFUSED;
        String reason = Objects.requireNonNullElse(answer.reason(), "no reason given");
        SalaryStuck stuck = new SalaryStuck(globalId, position, ask, amount, reason, answer.lacking(), refused);
        return switch (ask) {
            case PAY, HOLD -> {
                if (done) {
                    yield List.of(
                            ask == Ask.PAY
                                    ? new SalaryPaid(globalId, position, amount)
                                    : new SalaryHeld(globalId, position));
                }
                if (state.isPaidLate()) {
                    yield List.of(stuck);
                }
                yield List.of(
                        refused
                                ? new SalaryRefused(globalId, position, reason)
                                : new SalaryUnresolved(globalId, position, reason));
            }
            case CONFIRM -> List.of(done ? new SalaryPaid(globalId, position, amount) : stuck);
            case TAKE_BACK -> List.of(done ? new SalaryReversed(globalId, position, amount) : stuck);
        };
    }

    /** A person has its bank asked again; nothing if there is nothing to ask. */
    static Optional<SalaryEvent> retry(SalaryState state, String globalId, int position, String by, String reason) {
        Ask again =
                switch (state.phase()) {
                    // A hold that has lapsed cannot be confirmed: it is paid, under another branch.
                    case STUCK -> state.isUnpaid() ? Ask.PAY : state.ask();
                    case REFUSED -> state.goesOn() ? Ask.PAY : null;
                    default -> null;
                };
        return again == null
                ? Optional.empty()
                : Optional.of(new SalaryRetried(globalId, position, state.next(globalId, position, again), by, reason));
    }

    /** Somebody gives it up, for the company to have it back or, if it may have been paid, to lose it; nothing if there is nothing to give up. */
    static Optional<SalaryEvent> giveUp(SalaryState state, String globalId, int position, String by, String reason) {
        return switch (state.phase()) {
            case STUCK -> {
                Money amount = state.listedPayment().amount();
                yield Optional.of(
                        state.isUnpaid()
                                ? new SalaryDropped(globalId, position, amount, by, reason)
                                : new SalaryWrittenOff(globalId, position, amount, by, reason));
            }
            case REFUSED ->
                state.goesOn()
                        ? Optional.of(new SalaryDropped(
                                globalId, position, state.listedPayment().amount(), by, reason))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    static SalaryAsked asked(SalaryAsk ask) {
        return new SalaryAsked(ask.globalId(), ask.position(), ask.ask(), ask.attempt());
    }
}
