package io.farandole.shop.payment.payroll.bank;

import java.util.Map;
import java.util.TreeMap;

/** The banks that are configured, by name. */
public final class Banks {

    private Banks() {}

    /** The adapter for a bank's address. */
    public static Bank at(String name, BankSettings settings) {
        settings.check(name);
        if (settings.isGrpc()) {
            throw new IllegalArgumentException("shop.payroll.banks." + name
                    + ".url is a grpc address, and there is no adapter for gRPC yet: use the bank's HTTP address");
        }
        return new HttpBank(settings);
    }

    /** The adapters for these banks. */
    public static Map<String, Bank> of(Map<String, BankSettings> settings) {
        Map<String, Bank> banks = new TreeMap<>();
        settings.forEach((name, bank) -> banks.put(name, at(name, bank)));
        return banks;
    }
}
