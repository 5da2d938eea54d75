package io.farandole.acceptance.demo;

import io.farandole.acceptance.demo.DemoOrder.Customer;
import io.farandole.acceptance.demo.DemoOrder.Line;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the demo receives into stock, and what it orders. Products are new in each run: earlier ones do not count in. */
final class DemoScript {

    private final String run;

    /** @param run tells the products of one run from those of all others */
    DemoScript(String run) {
        this.run = run;
    }

    /** Goods that come in before the first order, by product. */
    Map<String, Long> receipts() {
        Map<String, Long> receipts = new LinkedHashMap<>();
        receipts.put(product("tambourine"), 100L);
        receipts.put(product("fife"), 100L);
        receipts.put(product("ribbon"), 100L);
        receipts.put(product("drum"), 2L);
        return receipts;
    }

    List<DemoOrder> orders() {
        return List.of(
                order("one piece", "tok_ok", Customer.WAITS, "CONFIRMED", "", line("tambourine", 1, "24.90")),
                order(
                        "several lines",
                        "tok_ok",
                        Customer.WAITS,
                        "CONFIRMED",
                        "",
                        line("tambourine", 2, "24.90"),
                        line("fife", 1, "9.90"),
                        line("ribbon", 12, "0.35")),
                order("sent twice", "tok_ok", Customer.ASKS_TWICE, "CONFIRMED", "", line("fife", 3, "9.90")),
                order("slow provider", "tok_slow", Customer.WAITS, "CONFIRMED", "", line("ribbon", 5, "0.35")),
                order("flaky provider", "tok_flaky", Customer.WAITS, "CONFIRMED", "", line("fife", 1, "9.90")),
                order(
                        "card declined",
                        "tok_declined",
                        Customer.WAITS,
                        "CANCELLED",
                        "declined",
                        line("fife", 1, "9.90")),
                order(
                        "too few in stock",
                        "tok_ok",
                        Customer.WAITS,
                        "CANCELLED",
                        "insufficient-stock",
                        line("drum", 5, "149.00")),
                order(
                        "too few of one line",
                        "tok_ok",
                        Customer.WAITS,
                        "CANCELLED",
                        "insufficient-stock",
                        line("ribbon", 4, "0.35"),
                        line("drum", 3, "149.00")),
                order(
                        "unknown product",
                        "tok_ok",
                        Customer.WAITS,
                        "CANCELLED",
                        "unknown-product",
                        line("bagpipe", 1, "310.00")),
                order(
                        "customer cancels",
                        "tok_slow",
                        Customer.CANCELS,
                        "CANCELLED",
                        "cancelled-by-customer",
                        line("tambourine", 1, "24.90")),
                order("customer returns", "tok_ok", Customer.RETURNS, "RETURNED", "", line("tambourine", 4, "24.90")),
                order(
                        "capture refused",
                        "tok_capture_fails",
                        Customer.WAITS,
                        "CANCELLED",
                        "capture-failed",
                        line("fife", 2, "9.90")));
    }

    /** Those that need neither cancelling nor returning, which a coordinator's orders do not know. */
    List<DemoOrder> conducted() {
        return orders().stream()
                .filter(order -> order.customer() == Customer.WAITS || order.customer() == Customer.ASKS_TWICE)
                .toList();
    }

    /** Placed alone, after all others have ended. */
    DemoOrder last() {
        return order("one more, by itself", "tok_ok", Customer.WAITS, "CONFIRMED", "", line("fife", 1, "9.90"));
    }

    private DemoOrder order(String what, String token, Customer customer, String status, String reason, Line... lines) {
        return new DemoOrder(what, token, customer, status, reason, List.of(lines));
    }

    private Line line(String name, long quantity, String price) {
        return new Line(product(name), quantity, new BigDecimal(price));
    }

    private String product(String name) {
        return name + "-" + run;
    }
}
