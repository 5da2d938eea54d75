package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.Shop.LedgerState;
import io.farandole.acceptance.demo.Shop.PaymentState;
import io.farandole.acceptance.demo.Shop.ProductState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Receives goods, places the demo's orders all at once, prints a line for each as it ends, and checks the books: every order comes to
 * its expected end, and stock, payments and the provider's ledger agree.
 */
final class Orders implements Demo.Story {

    /** Within this, what follows an order's end (captures, voids, releases) must have been done. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Shop shop;
    private final Clerk clerk;
    private final String run;
    private final DemoScript script;

    Orders(Demo.Addresses addresses) {
        this.shop = new Shop(
                addresses.of("order"), addresses.of("stock"), addresses.of("payment"), addresses.of("provider"));
        this.clerk = new Clerk(shop);
        this.run = Long.toString(System.currentTimeMillis(), 36);
        this.script = new DemoScript(run);
    }

    @Override
    public boolean play() throws IOException, InterruptedException, ExecutionException {
        for (Map.Entry<String, Long> receipt : script.receipts().entrySet()) {
            Clerk.patiently(() -> {
                shop.receive(receipt.getKey(), receipt.getValue(), run + "-" + receipt.getKey());
                return receipt;
            });
        }
        System.out.printf("%n  %-4s %-20s %-10s %-22s %9s   %s%n", "", "order", "outcome", "reason", "took", "id");
        List<Outcome> outcomes = new ArrayList<>(placeAll(script.orders()));
        Outcome last = clerk.carryOut(script.last(), run + "-last");
        System.out.println(last.line());
        outcomes.add(last);
        boolean asExpected = outcomes.stream().allMatch(Outcome::asExpected);
        return balance(outcomes) && asExpected;
    }

    private List<Outcome> placeAll(List<DemoOrder> orders) throws InterruptedException, ExecutionException {
        ExecutorService customers = Executors.newFixedThreadPool(orders.size());
        try {
            CompletionService<Outcome> carriedOut = new ExecutorCompletionService<>(customers);
            for (int i = 0; i < orders.size(); i++) {
                DemoOrder order = orders.get(i);
                String key = run + "-" + i;
                var unused = carriedOut.submit(() -> clerk.carryOut(order, key));
            }
            List<Outcome> outcomes = new ArrayList<>();
            while (outcomes.size() < orders.size()) {
                Outcome outcome = carriedOut.take().get();
                System.out.println(outcome.line());
                outcomes.add(outcome);
            }
            return outcomes;
        } finally {
            customers.shutdownNow();
        }
    }

    private boolean balance(List<Outcome> outcomes) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Books books = look(outcomes);
        while (!books.discrepancies().isEmpty() && System.nanoTime() - start < SETTLING.toNanos()) {
            Clerk.pause(POLL_NANOS);
            books = look(outcomes);
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

    private Books look(List<Outcome> outcomes) throws IOException, InterruptedException {
        Map<String, PaymentState> payments = new LinkedHashMap<>();
        Map<String, LedgerState> ledger = new LinkedHashMap<>();
        List<Outcome> accepted = outcomes.stream()
                .filter(outcome -> !outcome.orderId().isEmpty())
                .toList();
        for (Outcome outcome : accepted) {
            String orderId = outcome.orderId();
            payments.put(orderId, Clerk.patiently(() -> shop.payment(orderId)));
            ledger.put(orderId, Clerk.patiently(() -> shop.ledger(orderId)));
        }
        Map<String, ProductState> products = new LinkedHashMap<>();
        for (String product : script.receipts().keySet()) {
            products.put(product, Clerk.patiently(() -> shop.product(product)));
        }
        return new Books(accepted, payments, ledger, script.receipts(), products);
    }
}
