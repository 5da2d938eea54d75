package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.Shop.LedgerState;
import io.farandole.acceptance.demo.Shop.PaymentState;
import io.farandole.acceptance.demo.Shop.ProductState;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Waits until the books balance, and prints whether they do. */
final class Bookkeeper {

    /** Within this, what follows an order's end (captures, voids, releases) must have been done. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Shop shop;

    Bookkeeper(Shop shop) {
        this.shop = shop;
    }

    /**
     * Compares what the orders came to with stock, payments and the provider's ledger.
     *
     * @param outcomes of all orders for these products
     * @param receipts by product: what came in
     */
    boolean balance(List<Outcome> outcomes, Map<String, Long> receipts) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Books books = look(outcomes, receipts);
        while (!books.discrepancies().isEmpty() && System.nanoTime() - start < SETTLING.toNanos()) {
            Clerk.pause(POLL_NANOS);
            books = look(outcomes, receipts);
        }
        List<String> discrepancies = books.discrepancies();
        System.out.println();
        if (discrepancies.isEmpty()) {
            System.out.println("  The books balance: " + books.turnover() + " " + DemoOrder.CURRENCY
                    + " due, charged and held by the provider; stock received = available + sold, nothing reserved.");
        } else {
            System.out.println("  The books do NOT balance:");
            discrepancies.forEach(sentence -> System.out.println("    " + sentence));
        }
        return discrepancies.isEmpty();
    }

    private Books look(List<Outcome> outcomes, Map<String, Long> receipts) throws IOException, InterruptedException {
        List<Outcome> accepted = outcomes.stream()
                .filter(outcome -> !outcome.orderId().isEmpty())
                .toList();
        Map<String, PaymentState> payments = new LinkedHashMap<>();
        for (Outcome outcome : accepted) {
            String orderId = outcome.orderId();
            payments.put(orderId, Clerk.patiently(() -> shop.payment(orderId)));
        }
        Map<String, LedgerState> ledger = Clerk.patiently(shop::ledger);
        Map<String, ProductState> products = new LinkedHashMap<>();
        for (String product : receipts.keySet()) {
            products.put(product, Clerk.patiently(() -> shop.product(product)));
        }
        return new Books(accepted, payments, ledger, receipts, products);
    }
}
