package io.farandole.shop.payment.payroll.bank;

/** What a bank is sent for a payment, over either protocol; the same bytes at every attempt. */
record PaymentBody(String account, long amount, String currency, String reference) {

    static PaymentBody of(BankPayment payment) {
        return new PaymentBody(
                payment.account(), payment.amount().minor(), payment.amount().currency(), payment.reference());
    }

    /** Leaves account and amount out: they are personal. */
    @Override
    public String toString() {
        return "PaymentBody[]";
    }
}
