package io.farandole.acceptance.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * An order of the demo, and the end that it must come to.
 *
 * @param what it shows
 * @param token what the payment provider goes by
 * @param customer what the customer does after ordering
 * @param status the end: {@code CONFIRMED}, {@code CANCELLED} or {@code RETURNED}
 * @param reason why it is cancelled; empty if it is not, or may be told in any words
 */
record DemoOrder(String what, String token, Customer customer, String status, String reason, List<Line> lines) {

    /** What a customer does. */
    enum Customer {
        /** Orders. */
        WAITS,
        /** Sends the same order twice, as after a lost answer: it must be one order. */
        ASKS_TWICE,
        /** Cancels right after ordering. */
        CANCELS,
        /** Waits until it is confirmed, then cancels: a return. */
        RETURNS
    }

    /** One line; the price is in {@link #CURRENCY}. */
    record Line(String productId, long quantity, BigDecimal unitPrice) {}

    static final String CURRENCY = "EUR";

    DemoOrder {
        lines = List.copyOf(lines);
    }

    /** Of somebody who orders and waits. */
    static DemoOrder of(String what, String token, String status, Line... lines) {
        return new DemoOrder(what, token, Customer.WAITS, status, "", List.of(lines));
    }

    BigDecimal total() {
        return lines.stream()
                .map(line -> line.unitPrice().multiply(BigDecimal.valueOf(line.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The body of {@code POST /orders}. */
    String json() {
        return json("");
    }

    /** The same for one that waits for goods. */
    String json(Duration waitUpTo) {
        return json(",\"waitUpTo\":" + Json.quote(waitUpTo.toString()));
    }

    private String json(String wait) {
        StringBuilder json = new StringBuilder("{\"customerId\":\"c-demo\",\"paymentToken\":")
                .append(Json.quote(token))
                .append(wait)
                .append(",\"lines\":[");
        for (Line line : lines) {
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",")
                    .append("{\"productId\":")
                    .append(Json.quote(line.productId()))
                    .append(",\"quantity\":")
                    .append(line.quantity())
                    .append(",\"unitPrice\":{\"amount\":")
                    .append(Json.quote(line.unitPrice().toPlainString()))
                    .append(",\"currency\":")
                    .append(Json.quote(CURRENCY))
                    .append("}}");
        }
        return json.append("]}").toString();
    }
}
