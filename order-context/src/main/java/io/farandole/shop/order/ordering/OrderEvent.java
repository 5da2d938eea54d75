package io.farandole.shop.order.ordering;

import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import java.time.Instant;
import java.util.List;

/** What happened to an order: private to the context. {@code publishing} says what others get to know of it. */
public sealed interface OrderEvent {

    /** The order that it happened to. */
    String orderId();

    /** An order was taken. */
    record OrderPlaced(String orderId, String customerId, List<Line> lines, Money total) implements OrderEvent {
        public OrderPlaced {
            lines = List.copyOf(lines);
        }
    }

    /** What is to be charged for it, and how; apart from {@link OrderPlaced}, for only payment may know the token. */
    record PaymentRequested(String orderId, Money amount, String paymentToken) implements OrderEvent {

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "PaymentRequested[orderId=" + orderId + ", amount=" + amount + "]";
        }
    }

    /**
     * Where it is to be delivered; apart from {@link OrderPlaced}, for only stock may know that, and most orders say nothing of it.
     *
     * @param deliverTo name and address, sealed with a key of the customer
     */
    record DeliveryRequested(String orderId, Personal deliverTo) implements OrderEvent {}

    /**
     * It would wait for goods that others hold; apart from {@link OrderPlaced}, and before it, for most orders do not, and stock is to know it in time.
     *
     * @param upToSeconds how long, counted from when it was placed
     */
    record WaitingAccepted(String orderId, long upToSeconds) implements OrderEvent {}

    /** It waits for its goods, until then at the latest. */
    record WaitingNoted(String orderId, Instant until) implements OrderEvent {}

    /** Its goods are reserved: it waits no more. */
    record WaitingEnded(String orderId) implements OrderEvent {}

    /** Stock is reserved, payment authorised: it is a sale. */
    record OrderConfirmed(String orderId, Money total) implements OrderEvent {}

    /** The payment of a confirmed order was taken: nothing is left to do. */
    record OrderFulfilled(String orderId) implements OrderEvent {}

    /** It is no sale; what was done for it is to be undone. */
    record OrderCancelled(String orderId, String reason) implements OrderEvent {}

    /** Everything done for a cancelled order has been undone. */
    record OrderSettled(String orderId) implements OrderEvent {}

    /** The customer withdrew a confirmed order whose payment is being captured: it goes back when that is known. */
    record ReturnRequested(String orderId) implements OrderEvent {}

    /** A fulfilled order goes back as a whole: a process of its own, under the return's id. */
    record OrderReturned(String returnId, String orderId, List<Line> lines, Money refund, String reason)
            implements OrderEvent {
        public OrderReturned {
            lines = List.copyOf(lines);
        }
    }

    /** Goods and money are back. */
    record ReturnCompleted(String returnId, String orderId) implements OrderEvent {}
}
