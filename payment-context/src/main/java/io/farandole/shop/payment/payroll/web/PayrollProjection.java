package io.farandole.shop.payment.payroll.web;

import io.farandole.axon.RowChanges;
import io.farandole.shop.payment.payroll.Ask;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyCredited;
import io.farandole.shop.payment.payroll.OnBanks;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotReached;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotified;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollSettled;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollStarted;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollStopped;
import io.farandole.shop.payment.payroll.SalaryEvent;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryAsked;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryDropped;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryHeld;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryListed;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryPaid;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRefused;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryRetried;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryReversed;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryStuck;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryUnresolved;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryWrittenOff;
import io.farandole.shop.payment.payroll.SalaryPhase;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Keeps payrolls and their payments in step with their events, in the transaction that moves the processor on. All events of a payroll
 * are one process, and are handled in its order ({@link PayrollWebConfiguration}), so its rows are written by one thread at a time. The payroll's own row is there already: it was written as the
 * payroll was accepted.
 */
@Component
@Conditional(OnBanks.class)
@ProcessingGroup(PayrollProjection.GROUP)
class PayrollProjection {

    static final String GROUP = "payroll-view";

    private static final Logger log = LoggerFactory.getLogger(PayrollProjection.class);

    private final RowChanges<String, PayrollView> payrolls;
    private final RowChanges<PaymentKey, PayrollPaymentView> payments;

    PayrollProjection(PayrollViews payrolls, PayrollPaymentViews payments) {
        this.payrolls = new RowChanges<>(payrolls::findAllByGlobalIdIn, PayrollView::getId, payrolls::save);
        this.payments = new RowChanges<>(payments::findAllByKeyIn, PayrollPaymentView::getId, payments::save);
    }

    @EventHandler
    void on(PayrollStarted event) {
        payrolls.change(event.globalId(), row -> row == null ? new PayrollView(event.globalId(), event.terms()) : row);
    }

    @EventHandler
    void on(PayrollStopped event) {
        payroll(event.globalId(), row -> row.stopped(event.reason()));
    }

    @EventHandler
    void on(PayrollSettled event) {
        payroll(event.globalId(), row -> row.settled(event.outcome()));
    }

    @EventHandler
    void on(CompanyCredited event) {
        payroll(event.globalId(), row -> row.credited(event.amount()));
    }

    @EventHandler
    void on(InitiatorNotified event) {
        payroll(event.globalId(), row -> row.notice("delivered"));
    }

    @EventHandler
    void on(InitiatorNotReached event, ReplayStatus status) {
        if (!status.isReplay()) {
            log.warn("The initiator of payroll {} could not be told of its end: {}", event.globalId(), event.reason());
        }
        payroll(event.globalId(), row -> row.notice("given up: " + event.reason()));
    }

    @EventHandler
    void on(SalaryListed event) {
        PaymentKey key = key(event);
        payments.change(key, row -> row == null ? new PayrollPaymentView(key, event.payment()) : row);
    }

    @EventHandler
    void on(SalaryAsked event) {
        payment(event, row -> row.became(asked(event.ask())));
    }

    @EventHandler
    void on(SalaryRetried event) {
        payment(event, row -> {
            row.became(asked(event.ask().ask()), event.reason(), null);
            row.decided(event.by());
        });
    }

    @EventHandler
    void on(SalaryHeld event) {
        payment(event, row -> row.became(SalaryPhase.HELD));
    }

    @EventHandler
    void on(SalaryPaid event) {
        payment(event, row -> row.became(SalaryPhase.PAID));
    }

    @EventHandler
    void on(SalaryRefused event) {
        payment(event, row -> row.became(SalaryPhase.REFUSED, event.reason(), null));
    }

    @EventHandler
    void on(SalaryUnresolved event) {
        payment(event, row -> row.became(SalaryPhase.UNRESOLVED, event.reason(), null));
    }

    @EventHandler
    void on(SalaryReversed event) {
        payment(event, row -> row.became(SalaryPhase.REVERSED));
    }

    @EventHandler
    void on(SalaryStuck event, ReplayStatus status) {
        if (!status.isReplay()) {
            log.error(
                    "Payment {} of payroll {} needs a person: its bank has not {} it ({})",
                    event.position(),
                    event.globalId(),
                    switch (event.ask()) {
                        case TAKE_BACK -> "given back";
                        case CONFIRM -> "confirmed";
                        case PAY, HOLD -> "paid";
                    },
                    event.reason());
        }
        payment(event, row -> row.became(SalaryPhase.STUCK, event.reason(), event.lacking()));
    }

    @EventHandler
    void on(SalaryDropped event) {
        payment(event, row -> {
            row.became(SalaryPhase.DROPPED, event.reason(), null);
            row.decided(event.by());
        });
    }

    @EventHandler
    void on(SalaryWrittenOff event) {
        payment(event, row -> {
            row.became(SalaryPhase.WRITTEN_OFF, event.reason(), null);
            row.decided(event.by());
        });
    }

    private static SalaryPhase asked(Ask ask) {
        return switch (ask) {
            case PAY -> SalaryPhase.PAYING;
            case HOLD -> SalaryPhase.HOLDING;
            case CONFIRM -> SalaryPhase.CONFIRMING;
            case TAKE_BACK -> SalaryPhase.REVERSING;
        };
    }

    private static PaymentKey key(SalaryEvent event) {
        return new PaymentKey(event.globalId(), event.position());
    }

    private void payroll(String globalId, Consumer<PayrollView> change) {
        payrolls.change(globalId, row -> {
            if (row == null) {
                throw new IllegalStateException("Payroll " + globalId
                        + " has events but no row in app.payroll: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }

    private void payment(SalaryEvent event, Consumer<PayrollPaymentView> change) {
        payments.change(key(event), row -> {
            if (row == null) {
                throw new IllegalStateException("Payment " + event.position() + " of payroll " + event.globalId()
                        + " has events but no row in app.payroll_payment: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }
}
