package io.farandole.shop.order.ordering;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an order remembers in order to decide: the fold of its events.
 *
 * @param returnWanted the customer withdrew it while its payment was being captured
 * @param waiting it waits for goods that others hold
 * @param closed the last thing has happened: a cancelled order is settled, a returned one back
 */
record OrderFacts(
        String orderId,
        OrderPhase phase,
        List<Line> lines,
        Money total,
        boolean returnWanted,
        boolean waiting,
        boolean closed) {

    /** The facts after one more event; null before it is placed. */
    static @Nullable OrderFacts after(@Nullable OrderFacts facts, OrderEvent event) {
        if (facts != null) {
            return facts.after(event);
        }
        return event instanceof OrderPlaced placed
                ? new OrderFacts(
                        placed.orderId(), OrderPhase.PENDING, placed.lines(), placed.total(), false, false, false)
                : null;
    }

    private OrderFacts after(OrderEvent event) {
        if (event instanceof OrderEvent.OrderConfirmed) {
            return in(OrderPhase.CONFIRMED);
        }
        if (event instanceof OrderEvent.OrderFulfilled) {
            return in(OrderPhase.FULFILLED);
        }
        if (event instanceof OrderEvent.OrderCancelled) {
            return in(OrderPhase.CANCELLED);
        }
        if (event instanceof OrderEvent.OrderReturned) {
            return in(OrderPhase.RETURNED);
        }
        if (event instanceof OrderEvent.ReturnRequested) {
            return new OrderFacts(orderId, phase, lines, total, true, waiting, closed);
        }
        if (event instanceof OrderEvent.OrderSettled || event instanceof OrderEvent.ReturnCompleted) {
            return new OrderFacts(orderId, phase, lines, total, returnWanted, waiting, true);
        }
        if (event instanceof OrderEvent.WaitingNoted || event instanceof OrderEvent.WaitingEnded) {
            boolean noted = event instanceof OrderEvent.WaitingNoted;
            return new OrderFacts(orderId, phase, lines, total, returnWanted, noted, closed);
        }
        return this;
    }

    private OrderFacts in(OrderPhase next) {
        return new OrderFacts(orderId, next, lines, total, returnWanted, false, closed);
    }

    /** The id of the order's return; there is at most one, so it follows from the order's. */
    String returnId() {
        return orderId + "-return";
    }
}
