package io.farandole.shop.payment.payroll.bank;

/** Makes the adapters. */
public final class Banks {

    private Banks() {}

    /** The adapter for a bank's address. */
    public static Bank at(String name, BankSettings settings) {
        settings.check(name);
        return settings.isGrpc() ? new GrpcBank(settings) : new HttpBank(settings);
    }
}
