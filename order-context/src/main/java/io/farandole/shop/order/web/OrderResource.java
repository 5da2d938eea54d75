package io.farandole.shop.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.tracking.OrderStatus;
import io.farandole.shop.order.tracking.OrderStatusView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order, as it is told.
 *
 * @param reason why it was cancelled or returned
 * @param closedAt since when nothing is left to do: paid, settled, or back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderResource(
        String orderId,
        String customerId,
        OrderStatus status,
        @Nullable String reason,
        Amount total,
        List<LineResource> lines,
        Instant placedAt,
        @Nullable Instant confirmedAt,
        @Nullable Instant fulfilledAt,
        @Nullable Instant cancelledAt,
        @Nullable Instant returnedAt,
        @Nullable Instant closedAt) {

    /** One line. */
    record LineResource(String productId, long quantity, Amount unitPrice) {}

    /**
     * An exact amount.
     *
     * @param amount as text, for not every reader keeps a number's decimals
     */
    record Amount(String amount, String currency) {
        static Amount of(Money money) {
            return new Amount(money.amount().toPlainString(), money.currency());
        }
    }

    static OrderResource of(OrderStatusView view) {
        return new OrderResource(
                view.getId(),
                view.customerId(),
                view.status(),
                view.reason(),
                Amount.of(view.total()),
                view.lines().stream()
                        .map(line -> new LineResource(line.productId(), line.quantity(), Amount.of(line.unitPrice())))
                        .toList(),
                view.placedAt(),
                view.confirmedAt(),
                view.fulfilledAt(),
                view.cancelledAt(),
                view.returnedAt(),
                view.closedAt());
    }
}
