package io.farandole.saga.payroll;

import io.farandole.axon.InterventionDecided;
import io.farandole.messaging.EventTypes;
import io.farandole.saga.deadline.DeadlinePassed;
import java.util.List;

/** What the payroll asks for and hears. */
public final class PayrollMessages {

    /** What a participant is asked for. */
    public interface PayrollCommand {
        String payrollId();
    }

    public record ReserveFunds(String payrollId) implements PayrollCommand {}

    public record PaySalaries(String payrollId) implements PayrollCommand {}

    public record PayTaxes(String payrollId) implements PayrollCommand {}

    public record BookPayroll(String payrollId) implements PayrollCommand {}

    public record ReleaseFunds(String payrollId, String reservation) implements PayrollCommand {}

    public record ReclaimSalaries(String payrollId) implements PayrollCommand {}

    public record ReclaimTaxes(String payrollId) implements PayrollCommand {}

    /** What happened to a payroll. */
    public interface PayrollEvent {
        String payrollId();
    }

    public record PayrollCalculated(String payrollId) implements PayrollEvent {}

    public record FundsReserved(String payrollId, String reservation) implements PayrollEvent {}

    public record FundsRefused(String payrollId) implements PayrollEvent {}

    public record FundsReleased(String payrollId) implements PayrollEvent {}

    public record ReleaseRefused(String payrollId) implements PayrollEvent {}

    public record SalariesPaid(String payrollId) implements PayrollEvent {}

    public record SalariesRefused(String payrollId) implements PayrollEvent {}

    public record SalariesReclaimed(String payrollId) implements PayrollEvent {}

    public record TaxesPaid(String payrollId) implements PayrollEvent {}

    public record TaxesRefused(String payrollId) implements PayrollEvent {}

    public record TaxesReclaimed(String payrollId) implements PayrollEvent {}

    public record PayrollBooked(String payrollId) implements PayrollEvent {}

    public record BookingRefused(String payrollId) implements PayrollEvent {}

    public record PayrollNoted(String payrollId) implements PayrollEvent {}

    public static final EventTypes TYPES = EventTypes.merge(List.of(
            DeadlinePassed.TYPES,
            InterventionDecided.TYPES,
            EventTypes.builder()
                    .event("payroll.payroll-calculated", 1, PayrollCalculated.class, PayrollCalculated::payrollId)
                    .event("payroll.funds-reserved", 1, FundsReserved.class, FundsReserved::payrollId)
                    .event("payroll.funds-refused", 1, FundsRefused.class, FundsRefused::payrollId)
                    .event("payroll.funds-released", 1, FundsReleased.class, FundsReleased::payrollId)
                    .event("payroll.release-refused", 1, ReleaseRefused.class, ReleaseRefused::payrollId)
                    .event("payroll.salaries-paid", 1, SalariesPaid.class, SalariesPaid::payrollId)
                    .event("payroll.salaries-refused", 1, SalariesRefused.class, SalariesRefused::payrollId)
                    .event("payroll.salaries-reclaimed", 1, SalariesReclaimed.class, SalariesReclaimed::payrollId)
                    .event("payroll.taxes-paid", 1, TaxesPaid.class, TaxesPaid::payrollId)
                    .event("payroll.taxes-refused", 1, TaxesRefused.class, TaxesRefused::payrollId)
                    .event("payroll.taxes-reclaimed", 1, TaxesReclaimed.class, TaxesReclaimed::payrollId)
                    .event("payroll.payroll-booked", 1, PayrollBooked.class, PayrollBooked::payrollId)
                    .event("payroll.booking-refused", 1, BookingRefused.class, BookingRefused::payrollId)
                    .event("payroll.payroll-noted", 1, PayrollNoted.class, PayrollNoted::payrollId)
                    .build()));

    private PayrollMessages() {}
}
