package io.farandole.acceptance.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Receives goods, places the demo's orders all at once, prints a line for each as it ends, and checks the books: every order comes to
 * its expected end, and stock, payments and the provider's ledger agree. The contexts dance them, or a coordinator conducts them.
 */
final class Orders implements Demo.Story {

    private final Shop shop;
    private final Clerk clerk;
    private final String run;
    private final DemoScript script;
    private final List<DemoOrder> orders;

    private Orders(Demo.Addresses addresses, String path, Function<DemoScript, List<DemoOrder>> chosen) {
        this.shop = new Shop(
                addresses.of("order"), path, addresses.of("stock"), addresses.of("payment"), addresses.of("provider"));
        this.clerk = new Clerk(shop);
        this.run = Long.toString(System.currentTimeMillis(), 36);
        this.script = new DemoScript(run);
        this.orders = chosen.apply(script);
    }

    static Orders danced(Demo.Addresses addresses) {
        return new Orders(addresses, "/orders", DemoScript::orders);
    }

    static Orders conducted(Demo.Addresses addresses) {
        return new Orders(addresses, "/coordinated-orders", DemoScript::conducted);
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
        List<Outcome> outcomes = new ArrayList<>(placeAll());
        Outcome last = clerk.carryOut(script.last(), run + "-last");
        System.out.println(last.line());
        outcomes.add(last);
        boolean asExpected = outcomes.stream().allMatch(Outcome::asExpected);
        return new Bookkeeper(shop).balance(outcomes, script.receipts()) && asExpected;
    }

    private List<Outcome> placeAll() throws InterruptedException, ExecutionException {
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
}
