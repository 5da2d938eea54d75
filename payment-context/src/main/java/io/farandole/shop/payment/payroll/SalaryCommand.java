package io.farandole.shop.payment.payroll;

import io.farandole.shop.payment.payroll.bank.BankAnswer;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What one payment of a payroll can be told. What comes again changes nothing. */
public sealed interface SalaryCommand {

    /** The payroll. */
    String globalId();

    /** Which of its payments. */
    int position();

    /** Its aggregate: of its own kind, whatever else has the same id. */
    @TargetAggregateIdentifier
    default String aggregateId() {
        return aggregateId(globalId(), position());
    }

    /** The aggregate of a payment. */
    static String aggregateId(String globalId, int position) {
        return PayrollCommand.aggregateId(globalId) + "/" + position;
    }

    /** It is to be paid, when its turn comes. */
    record ListSalary(String globalId, int position, PayrollPayment payment, boolean goesOn) implements SalaryCommand {}

    /** Its turn has come. Answers with the {@link SalaryAsk} for its bank, or null if it had come before. */
    record AskForSalary(String globalId, int position, Ask ask) implements SalaryCommand {}

    /** Answers with {@link TakeBack}; {@code paidToo} takes back also what was paid for certain. */
    record TakeBackSalary(String globalId, int position, boolean paidToo) implements SalaryCommand {}

    /** Its bank's answer. */
    record RecordAnswer(String globalId, int position, int attempt, BankAnswer answer) implements SalaryCommand {}

    /** A person has its bank asked again. Answers whether there was something to ask. */
    record RetrySalary(String globalId, int position, String by, String reason) implements SalaryCommand {}

    /** A person gives it up. Answers whether there was something to give up. */
    record GiveUpSalary(String globalId, int position, String by, String reason) implements SalaryCommand {}
}
