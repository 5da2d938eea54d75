package io.farandole.shop.payment.payroll;

/**
 * A question to a bank, as it is stored until it is answered.
 *
 * @param position in the payroll
 * @param attempt tells the questions about one payment from one another
 * @param bankBranch under which the bank knows it: another one only after a definite refusal, which a bank repeats for ever
 */
public record SalaryAsk(
        String globalId, int position, Ask ask, int attempt, PayrollPayment payment, String bankBranch) {

    /** The same for every attempt to get the answer. */
    String key() {
        return globalId + "/" + position + ":" + attempt;
    }

    /** Names the question without what is personal. */
    @Override
    public String toString() {
        return "SalaryAsk[" + globalId + "/" + bankBranch + " " + ask + "]";
    }
}
