package io.farandole.shop.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.messaging.PersonalData.Opened;
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
 * @param waitingUntil it waits for goods that are held for others, until then at the latest; absent if it does not
 * @param closedAt since when nothing is left to do: paid, settled, or back
 * @param deliverTo name and address; absent if the order does not say, or if they are erased
 * @param deliverToErased true if they were, and are erased; absent otherwise
 * @param deliverToDamaged true if they were altered where they are kept, so that nobody can open them; absent otherwise
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
        @Nullable Instant waitingUntil,
        @Nullable Instant confirmedAt,
        @Nullable Instant fulfilledAt,
        @Nullable Instant cancelledAt,
        @Nullable Instant returnedAt,
        @Nullable Instant closedAt,
        @Nullable String deliverTo,
        @Nullable Boolean deliverToErased,
        @Nullable Boolean deliverToDamaged) {

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

    /** Without the address. */
    @Override
    public String toString() {
        return "OrderResource[" + orderId + ", " + status + "]";
    }

    /** Without saying where it goes. */
    static OrderResource withoutAddress(OrderStatusView view) {
        return of(view, null, false);
    }

    /** {@code deliverTo} is null where there is none, or none that can be opened. */
    static OrderResource of(OrderStatusView view, @Nullable Opened deliverTo) {
        return of(view, deliverTo, deliverTo == null && view.deliverTo() != null);
    }

    private static OrderResource of(OrderStatusView view, @Nullable Opened deliverTo, boolean damaged) {
        boolean erased = deliverTo != null && deliverTo.isErased();
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
                view.waitingUntil(),
                view.confirmedAt(),
                view.fulfilledAt(),
                view.cancelledAt(),
                view.returnedAt(),
                view.closedAt(),
                deliverTo == null ? null : deliverTo.text().orElse(null),
                erased ? Boolean.TRUE : null,
                damaged ? Boolean.TRUE : null);
    }
}
