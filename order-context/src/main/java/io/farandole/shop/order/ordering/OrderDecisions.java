package io.farandole.shop.order.ordering;

import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderEvent.DeliveryRequested;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.OrderConfirmed;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.OrderEvent.PaymentRequested;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import io.farandole.shop.order.ordering.OrderEvent.ReturnRequested;
import io.farandole.shop.order.ordering.OrderEvent.WaitingAccepted;
import io.farandole.shop.order.ordering.OrderEvent.WaitingEnded;
import io.farandole.shop.order.ordering.OrderEvent.WaitingNoted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an order decides: from its facts and a command to the events that follow. Pure functions; no event means that the
 * command came twice, too late or in vain.
 */
final class OrderDecisions {

    private OrderDecisions() {}

    static List<OrderEvent> place(PlaceOrder command) {
        Money total = total(command.lines());
        OrderPlaced placed = new OrderPlaced(command.orderId(), command.customerId(), command.lines(), total);
        PaymentRequested payment = new PaymentRequested(command.orderId(), total, command.paymentToken());
        List<OrderEvent> events = new ArrayList<>();
        Duration waitUpTo = command.waitUpTo();
        if (waitUpTo != null) {
            events.add(new WaitingAccepted(command.orderId(), waitUpTo.toSeconds()));
        }
        events.add(placed);
        events.add(payment);
        Personal deliverTo = command.deliverTo();
        if (deliverTo != null) {
            events.add(new DeliveryRequested(command.orderId(), deliverTo));
        }
        return List.copyOf(events);
    }

    static List<OrderEvent> noteWaiting(OrderFacts order, Instant until) {
        return order.phase() == OrderPhase.PENDING && !order.waiting()
                ? List.of(new WaitingNoted(order.orderId(), until))
                : List.of();
    }

    static List<OrderEvent> endWaiting(OrderFacts order) {
        return order.phase() == OrderPhase.PENDING && order.waiting()
                ? List.of(new WaitingEnded(order.orderId()))
                : List.of();
    }

    private static Money total(List<Line> lines) {
        return lines.stream()
                .map(Line::price)
                .reduce(Money::plus)
                .orElseThrow(() -> new IllegalArgumentException("An order has at least one line"));
    }

    static List<OrderEvent> confirm(OrderFacts order) {
        return order.phase() == OrderPhase.PENDING
                ? List.of(new OrderConfirmed(order.orderId(), order.total()))
                : List.of();
    }

    static List<OrderEvent> cancel(OrderFacts order, String reason) {
        return order.phase() == OrderPhase.PENDING ? cancelled(order, reason) : List.of();
    }

    static List<OrderEvent> revoke(OrderFacts order, String reason) {
        return switch (order.phase()) {
            case PENDING, CONFIRMED -> cancelled(order, reason);
            case FULFILLED -> returned(order, reason);
            case CANCELLED, RETURNED -> List.of();
        };
    }

    /**
     * A confirmed order whose payment is being captured is not returned at once: its capture may still fail, and then there
     * is nothing to refund. One after the other, each participant sees either a cancellation or a return of a paid order.
     */
    static List<OrderEvent> withdraw(OrderFacts order) {
        return switch (order.phase()) {
            case PENDING -> cancelled(order, Reasons.CUSTOMER);
            case CONFIRMED -> order.returnWanted() ? List.of() : List.of(new ReturnRequested(order.orderId()));
            case FULFILLED -> returned(order, Reasons.CUSTOMER);
            case CANCELLED, RETURNED -> List.of();
        };
    }

    static List<OrderEvent> fulfil(OrderFacts order) {
        if (order.phase() != OrderPhase.CONFIRMED) {
            return List.of();
        }
        OrderFulfilled fulfilled = new OrderFulfilled(order.orderId());
        return order.returnWanted()
                ? List.of(fulfilled, returned(order, Reasons.CUSTOMER).get(0))
                : List.of(fulfilled);
    }

    static List<OrderEvent> settle(OrderFacts order) {
        return order.phase() == OrderPhase.CANCELLED && !order.closed()
                ? List.of(new OrderSettled(order.orderId()))
                : List.of();
    }

    static List<OrderEvent> completeReturn(OrderFacts order) {
        return order.phase() == OrderPhase.RETURNED && !order.closed()
                ? List.of(new ReturnCompleted(order.returnId(), order.orderId()))
                : List.of();
    }

    private static List<OrderEvent> cancelled(OrderFacts order, String reason) {
        return List.of(new OrderCancelled(order.orderId(), reason));
    }

    private static List<OrderEvent> returned(OrderFacts order, String reason) {
        return List.of(new OrderReturned(order.returnId(), order.orderId(), order.lines(), order.total(), reason));
    }
}
