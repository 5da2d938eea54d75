package io.farandole.shop.payment.payroll;

import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.CompanyAccountCommand.CreditFromPayroll;
import io.farandole.shop.payment.payroll.PayrollCommand.SettlePayroll;
import io.farandole.shop.payment.payroll.PayrollCommand.StopPayroll;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotReached;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotified;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollSettled;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollStarted;
import io.farandole.shop.payment.payroll.SalaryCommand.AskForSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.TakeBackSalary;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryDropped;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryHeld;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryPaid;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRefused;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRetried;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryReversed;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryStuck;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryUnresolved;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryWrittenOff;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Conditional;

/**
 * Runs a payroll: asks for its payments in their order, some at once; if it is stopped, waits for what is under way and takes back from
 * the last one begun to the first; then lets the company have what came back, and tells the initiator.
 *
 * <p>It counts, and remembers no payment: its state is of one size for one employee and for ten thousand. What a payment is, and whether
 * there is something to take back, its {@link Salary} knows.
 */
@Step(
        name = "payments",
        startedBy = PayrollStarted.class,
        completedBy = PayrollSettled.class,
        deadline = PayrollRun.EXPIRY,
        irreversible = "it takes back itself what it has paid, before it ends")
@Saga
@ProcessingGroup("payroll-run")
@Conditional(OnBanks.class)
public class PayrollRun {

    static final String EXPIRY = "payroll-expiry";
    static final String GO_ON = "payroll-go-on";
    static final String EXPIRED = "expired";

    /** So many salaries are told something in one transaction, at most. */
    static final int STEP = 250;

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    @Autowired
    private transient BankCalls calls;

    private @Nullable String globalId;
    private @Nullable PayrollTerms terms;
    private @Nullable String expiry;

    /** The next payment that is asked for, or, while what is held is confirmed, confirmed. */
    private int next;

    /** Payments that a bank is asked for. */
    private int open;

    /** Minor units that employees have. */
    private long paid;

    /** Payments that were refused and wait for a person. */
    private int refused;

    private boolean confirming;
    private boolean stopped;

    /** All payments from this one on have been looked at for what is to be taken back. */
    private int back;

    private int reversing;

    /** Payments that a person had asked for again before this saga has heard of it. */
    private int awaited;

    private int stuck;
    private long shortfall;
    private boolean settled;
    private boolean telling;

    @StartSaga
    @SagaEventHandler(associationProperty = "globalId")
    void on(PayrollStarted event) {
        globalId = event.globalId();
        terms = event.terms();
        expiry = deadlines.schedule(event.terms().expiresAt(), EXPIRY);
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryPaid event) {
        open--;
        paid += event.amount().minor();
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryHeld event) {
        open--;
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryRefused event) {
        open--;
        if (terms().policy() != PayrollPolicy.GO_ON) {
            stop(event.reason());
        } else {
            refused++;
            takeBackIfPassed(event.position());
        }
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryUnresolved event) {
        open--;
        stop(event.reason());
        takeBackIfPassed(event.position());
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryReversed event) {
        reversing--;
        creditIfSettled(event.amount());
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryStuck event) {
        if (event.ask() == Ask.TAKE_BACK) {
            reversing--;
        } else {
            open--;
        }
        stuck++;
        shortfall += event.amount().minor();
        goOn();
    }

    /** A person's decision. */
    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryRetried event, @Timestamp Instant at) {
        SalaryAsk ask = event.ask();
        if (ask.ask() == Ask.PAY && terms().policy() == PayrollPolicy.GO_ON) {
            refused--;
            open++;
            if (hasPassed(event.position())) {
                awaited--;
            }
            calls.ask(ask, untilExpiry(at));
        } else {
            stuck--;
            shortfall -= ask.payment().amount().minor();
            if (ask.ask() == Ask.TAKE_BACK) {
                reversing++;
            } else {
                open++;
            }
            calls.ask(ask, calls.settlementTimeLimit());
        }
        goOn();
    }

    /** A person's decision, or that of this saga at the end of its time. */
    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryDropped event) {
        if (terms().policy() == PayrollPolicy.GO_ON) {
            refused--;
        } else {
            stuck--;
            shortfall -= event.amount().minor();
            creditIfSettled(event.amount());
        }
        goOn();
    }

    /** A person's decision. It stays in the shortfall. */
    @SagaEventHandler(associationProperty = "globalId")
    void on(SalaryWrittenOff event) {
        stuck--;
        goOn();
    }

    @DeadlineHandler(deadlineName = EXPIRY)
    void expired() {
        stop(EXPIRED);
        goOn();
    }

    /** Goes on where a step had done enough for one transaction. */
    @DeadlineHandler(deadlineName = GO_ON)
    void next() {
        goOn();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(PayrollSettled event) {
        endIfDone();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(InitiatorNotified event) {
        telling = false;
        endIfDone();
    }

    @SagaEventHandler(associationProperty = "globalId")
    void on(InitiatorNotReached event) {
        telling = false;
        endIfDone();
    }

    /** Whatever it has come to: no further payment, and back with what can be taken back. */
    @CompensationHandler
    void giveUp() {
        stop("operator");
        goOn();
    }

    private void goOn() {
        if (settled) {
            endIfDone();
            return;
        }
        int told = 0;
        while (told < STEP && (stopped ? wentBack() : wentForward())) {
            told++;
        }
        if (told == STEP) {
            deadlines.schedule(Duration.ZERO, GO_ON);
        } else if (isAtRest()) {
            settle();
        }
    }

    /** Asks for one more payment, if there is one and room for it. */
    private boolean wentForward() {
        boolean all = next == terms().count();
        if (all && open == 0 && terms().policy() == PayrollPolicy.HOLD && !confirming) {
            // From here on nobody can fail: what is held is paid as surely as it could be taken back.
            confirming = true;
            next = 0;
            all = false;
            cancelExpiry();
        }
        // Who goes on waits for nobody: a bank that is away must not keep the others' employees from being paid.
        int atOnce = terms().policy() == PayrollPolicy.GO_ON ? terms().count() : calls.window();
        if (all || open >= atOnce) {
            return false;
        }
        SalaryAsk ask = commands.sendAndWait(new AskForSalary(id(), next, question()));
        next++;
        if (ask != null) {
            open++;
            calls.ask(ask, limit());
        }
        return true;
    }

    private Ask question() {
        if (confirming) {
            return Ask.CONFIRM;
        }
        return terms().policy() == PayrollPolicy.HOLD ? Ask.HOLD : Ask.PAY;
    }

    private Duration limit() {
        if (confirming) {
            return calls.settlementTimeLimit();
        }
        return terms().policy() == PayrollPolicy.GO_ON ? terms().runsFor() : calls.paymentTimeLimit();
    }

    private Duration untilExpiry(Instant now) {
        Duration left = Duration.between(now, terms().expiresAt());
        return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }

    /**
     * Takes one more back, once nothing is under way: the last one begun first. Those that were never begun, or have moved nothing, are
     * passed over.
     */
    private boolean wentBack() {
        if (open > 0 || back == 0 || reversing >= calls.reversalWindow()) {
            return false;
        }
        back--;
        takeBack(back);
        return true;
    }

    /** What a person had asked for again is settled as it is answered: the way back has passed it already. */
    private void takeBackIfPassed(int position) {
        if (hasPassed(position)) {
            takeBack(position);
        }
    }

    private boolean hasPassed(int position) {
        return stopped && position >= back;
    }

    private void takeBack(int position) {
        TakeBack answer =
                commands.sendAndWait(new TakeBackSalary(id(), position, terms().policy() != PayrollPolicy.GO_ON));
        switch (answer.kind()) {
            case ASK -> {
                SalaryAsk ask = Objects.requireNonNull(answer.ask(), "ask");
                reversing++;
                if (answer.wasPaid()) {
                    paid -= ask.payment().amount().minor();
                }
                calls.ask(ask, calls.settlementTimeLimit());
            }
            case WAIT -> awaited++;
            case DROP, NOTHING -> {}
        }
    }

    private void stop(String reason) {
        if (!stopped && !confirming && !settled) {
            stopped = true;
            back = next;
            commands.sendAndWait(new StopPayroll(id(), reason));
        }
    }

    private boolean isAtRest() {
        if (open > 0 || reversing > 0) {
            return false;
        }
        return stopped ? back == 0 && awaited == 0 : next == terms().count() && refused == 0;
    }

    /** The company's account comes last: with all that is neither the employees' nor missing. */
    private void settle() {
        String currency = terms().total().currency();
        long total = terms().total().minor();
        Money kept = new Money(paid, currency);
        Money missing = new Money(shortfall, currency);
        Money returned = new Money(total - paid - shortfall, currency);
        PayrollOutcome outcome = shortfall > 0
                ? PayrollOutcome.SHORT
                : paid == total
                        ? PayrollOutcome.PAID
                        : paid == 0 ? PayrollOutcome.REVERSED : PayrollOutcome.PARTLY_PAID;
        commands.sendAndWait(new CreditFromPayroll(terms().companyAccount(), id(), returned));
        commands.sendAndWait(new SettlePayroll(id(), outcome, kept, returned, missing));
        String address = terms().callbackUrl();
        if (address != null) {
            telling = true;
            calls.tell(new PayrollNotice(id(), address, outcome, kept, returned, missing));
        }
        settled = true;
        cancelExpiry();
    }

    /** What comes back before the end is credited at the end. */
    private void creditIfSettled(Money amount) {
        if (settled) {
            commands.sendAndWait(new CreditFromPayroll(terms().companyAccount(), id(), amount));
        }
    }

    private void endIfDone() {
        if (settled && stuck == 0 && open == 0 && reversing == 0 && !telling) {
            SagaLifecycle.end();
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            deadlines.cancelSchedule(EXPIRY, expiry);
            expiry = null;
        }
    }

    private String id() {
        return Objects.requireNonNull(globalId, "globalId");
    }

    private PayrollTerms terms() {
        return Objects.requireNonNull(terms, "terms");
    }
}
