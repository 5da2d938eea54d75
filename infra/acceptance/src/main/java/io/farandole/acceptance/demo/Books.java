package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.Shop.LedgerState;
import io.farandole.acceptance.demo.Shop.PaymentState;
import io.farandole.acceptance.demo.Shop.ProductState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether money and stock add up: what was taken and not given back is the price of what was sold, by the payment context's
 * word and by the provider's; what came in is there, or reserved, or sold. Pure.
 *
 * @param orders every order that was accepted
 * @param payments by order id
 * @param ledger by order id
 * @param receipts by product
 * @param products by product
 */
record Books(
        List<Outcome> orders,
        Map<String, PaymentState> payments,
        Map<String, LedgerState> ledger,
        Map<String, Long> receipts,
        Map<String, ProductState> products) {

    /** One sentence for each thing that does not add up; none if the books balance. */
    List<String> discrepancies() {
        List<String> found = new ArrayList<>();
        for (Outcome order : orders) {
            checkMoney(order, found);
        }
        receipts.forEach((product, received) -> checkStock(product, received, found));
        return found;
    }

    /** Prices of what is sold and not returned. */
    BigDecimal turnover() {
        return orders.stream().map(Books::due).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal due(Outcome order) {
        return order.status().equals("CONFIRMED") ? order.order().total() : BigDecimal.ZERO;
    }

    private void checkMoney(Outcome order, List<String> found) {
        String who = "order " + order.orderId() + " (" + order.order().what() + ")";
        BigDecimal due = due(order);
        PaymentState payment = payments.getOrDefault(order.orderId(), PaymentState.NONE);
        BigDecimal kept = payment.captured().subtract(payment.refunded());
        if (kept.compareTo(due) != 0) {
            found.add(who + " is " + order.status() + ", so " + due + " is due, but payment " + payment.status()
                    + " kept " + kept);
        }
        LedgerState held = ledger.getOrDefault(order.orderId(), LedgerState.NONE);
        BigDecimal heldAmount = BigDecimal.valueOf(held.captured() - held.refunded(), 2);
        if (heldAmount.compareTo(due) != 0) {
            found.add(who + " is " + order.status() + ", so " + due + " is due, but the provider kept " + heldAmount);
        }
        if (held.hanging()) {
            found.add(who + " has ended, but the provider still holds an authorisation for it");
        }
    }

    private void checkStock(String product, long received, List<String> found) {
        ProductState state = products.getOrDefault(product, new ProductState(0, 0, 0));
        if (state.available() + state.reserved() + state.sold() != received) {
            found.add("of " + product + " came in " + received + ", but there are " + state);
        }
        if (state.reserved() != 0) {
            found.add("of " + product + " " + state.reserved() + " are reserved, but no order is open");
        }
        long sold = orders.stream()
                .filter(order -> order.status().equals("CONFIRMED"))
                .flatMap(order -> order.order().lines().stream())
                .filter(line -> line.productId().equals(product))
                .mapToLong(DemoOrder.Line::quantity)
                .sum();
        if (state.sold() != sold) {
            found.add("of " + product + " the confirmed orders took " + sold + ", but " + state.sold() + " are sold");
        }
    }
}
