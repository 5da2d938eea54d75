package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.Books.Book;
import io.farandole.acceptance.checker.Sources.LedgerBalance;
import io.farandole.acceptance.checker.Sources.PaymentBalance;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** I1: captured minus refunded is the price of the sales that stand, for us, for the provider, and in what is shown. */
final class MoneyCheck {

    private MoneyCheck() {}

    static void run(Sources sources, Books books, Consumer<Violation> report) {
        Map<String, LedgerBalance> ledger = new LinkedHashMap<>();
        sources.ledger().forEach(it -> ledger.put(it.paymentId(), it));
        for (String orderId : books.orders()) {
            Book book = books.book(orderId);
            long expected = book.isSale() ? book.price() : 0;
            long kept = book.sum("payment.payment-captured", "amount") - book.sum("payment.payment-refunded", "amount");
            if (kept != expected) {
                report.accept(new Violation(
                        "I1", orderId, "captured - refunded is " + kept + ", but what was sold costs " + expected));
            }
            if (!ledger.isEmpty()) {
                compareWithProvider(orderId, kept, ledger.get(orderId), report);
            }
        }
        ledger.values().forEach(entry -> checkEntry(entry, books, report));
        sources.payments().forEach(payment -> checkView(payment, books, report));
    }

    private static void compareWithProvider(
            String orderId, long kept, @Nullable LedgerBalance entry, Consumer<Violation> report) {
        long provider = entry == null ? 0 : entry.captured() - entry.refunded();
        if (provider != kept) {
            report.accept(new Violation(
                    "I1", orderId, "the provider keeps " + provider + ", our journal says " + kept + ": " + entry));
        }
    }

    private static void checkEntry(LedgerBalance entry, Books books, Consumer<Violation> report) {
        if (entry.authorizations() > 0 && entry.captures() == 0 && !entry.voided()) {
            report.accept(new Violation("I1", entry.paymentId(), "money hangs at the provider: " + entry));
        }
        if (entry.authorizations() > 1 || entry.captures() > 1 || entry.refunds() > 1) {
            report.accept(new Violation("I4", entry.paymentId(), "the provider did something twice: " + entry));
        }
        if (entry.captures() > 0 && !books.orders().contains(entry.paymentId())) {
            report.accept(
                    new Violation("I1", entry.paymentId(), "the provider took money for an unknown order: " + entry));
        }
    }

    private static void checkView(PaymentBalance payment, Books books, Consumer<Violation> report) {
        Book book = books.book(payment.orderId());
        long captured = book.sum("payment.payment-captured", "amount");
        long refunded = book.sum("payment.payment-refunded", "amount");
        if (payment.captured() != captured || payment.refunded() != refunded) {
            report.accept(new Violation(
                    "I1",
                    payment.orderId(),
                    "shown is " + payment + ", the journal says captured " + captured + ", refunded " + refunded));
        }
    }
}
