package io.farandole.shop.kernel.order.v1;

import io.farandole.shop.kernel.Money;
import java.util.List;

/**
 * A confirmed order comes back as a whole: a new process with a key of its own, the return id.
 *
 * @param refund what is to be paid back
 */
public record OrderReturned(String returnId, String orderId, List<OrderLine> lines, Money refund) {
    public OrderReturned {
        lines = List.copyOf(lines);
    }
}
