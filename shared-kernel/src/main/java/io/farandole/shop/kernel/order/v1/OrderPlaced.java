package io.farandole.shop.kernel.order.v1;

import io.farandole.shop.kernel.Money;
import java.util.List;

/**
 * An order was accepted and waits for stock and payment. It holds no payment token.
 *
 * @param lines one or more; a product may stand in several lines
 */
public record OrderPlaced(String orderId, String customerId, List<OrderLine> lines, Money total) {
    public OrderPlaced {
        lines = List.copyOf(lines);
    }
}
