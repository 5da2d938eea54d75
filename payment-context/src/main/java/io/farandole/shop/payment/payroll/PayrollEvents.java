package io.farandole.shop.payment.payroll;

import io.farandole.messaging.EventTypes;

/** The stored names of payroll's private events. Stable: they are in the journal. */
public final class PayrollEvents {

    /** Each with its process: the payroll, or the company's account for what belongs to none. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event(
                    "payment.company-account-opened",
                    1,
                    CompanyAccountEvent.CompanyAccountOpened.class,
                    CompanyAccountEvent::accountId)
            .event(
                    "payment.company-deposited",
                    1,
                    CompanyAccountEvent.CompanyDeposited.class,
                    CompanyAccountEvent::accountId)
            .event("payment.company-debited", 1, CompanyAccountEvent.CompanyDebited.class, it -> it.globalId())
            .event("payment.company-credited", 1, CompanyAccountEvent.CompanyCredited.class, it -> it.globalId())
            .event("payment.payroll-started", 1, PayrollEvent.PayrollStarted.class, PayrollEvent::globalId)
            .event("payment.payroll-stopped", 1, PayrollEvent.PayrollStopped.class, PayrollEvent::globalId)
            .event("payment.payroll-settled", 1, PayrollEvent.PayrollSettled.class, PayrollEvent::globalId)
            .event("payment.initiator-notified", 1, PayrollEvent.InitiatorNotified.class, PayrollEvent::globalId)
            .event("payment.initiator-not-reached", 1, PayrollEvent.InitiatorNotReached.class, PayrollEvent::globalId)
            .event("payment.salary-listed", 1, SalaryEvent.SalaryListed.class, SalaryEvent::globalId)
            .event("payment.salary-asked", 1, SalaryEvent.SalaryAsked.class, SalaryEvent::globalId)
            .event("payment.salary-retried", 1, SalaryEvent.SalaryRetried.class, SalaryEvent::globalId)
            .event("payment.salary-held", 1, SalaryEvent.SalaryHeld.class, SalaryEvent::globalId)
            .event("payment.salary-paid", 1, SalaryEvent.SalaryPaid.class, SalaryEvent::globalId)
            .event("payment.salary-refused", 1, SalaryEvent.SalaryRefused.class, SalaryEvent::globalId)
            .event("payment.salary-unresolved", 1, SalaryEvent.SalaryUnresolved.class, SalaryEvent::globalId)
            .event("payment.salary-reversed", 1, SalaryEvent.SalaryReversed.class, SalaryEvent::globalId)
            .event("payment.salary-stuck", 1, SalaryEvent.SalaryStuck.class, SalaryEvent::globalId)
            .event("payment.salary-dropped", 1, SalaryEvent.SalaryDropped.class, SalaryEvent::globalId)
            .event("payment.salary-written-off", 1, SalaryEvent.SalaryWrittenOff.class, SalaryEvent::globalId)
            .build();

    private PayrollEvents() {}
}
