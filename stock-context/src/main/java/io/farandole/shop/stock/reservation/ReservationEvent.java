package io.farandole.shop.stock.reservation;

import io.farandole.messaging.Personal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened to an order's reservation: private to the context. */
public sealed interface ReservationEvent {

    /** The order whose goods they are. */
    String orderId();

    /** Every line is reserved. */
    record OrderReserved(String orderId, SortedMap<String, Long> quantities) implements ReservationEvent {
        public OrderReserved {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /**
     * Every line is reserved for a caller who conducts by itself; not published, for that caller has its answer.
     *
     * @param expiresAt when it is let go unless it is confirmed before
     */
    record ReservationHeld(String orderId, SortedMap<String, Long> quantities, Instant expiresAt)
            implements ReservationEvent {
        public ReservationHeld {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** A caller's hold has ended; what became of the goods is said by the event before it. */
    record HoldEnded(String orderId, HoldEnd how) implements ReservationEvent {}

    /**
     * It is known where the goods go.
     *
     * @param deliverTo name and address, as order has sealed them; stock opens them when they are asked for
     */
    record DeliveryNoted(String orderId, Personal deliverTo) implements ReservationEvent {}

    /**
     * Nothing is reserved yet, and the order waits for what is held for others.
     *
     * @param productId the first product that there was not enough of
     * @param until when it is rejected at the latest
     */
    record WaitingBegan(String orderId, String productId, SortedMap<String, Long> quantities, Instant until)
            implements ReservationEvent {
        public WaitingBegan {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** Its turn came: every line is reserved. */
    record WaitingServed(String orderId, SortedMap<String, Long> quantities) implements ReservationEvent {
        public WaitingServed {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** It waited in vain; nothing is reserved. */
    record WaitingRefused(String orderId, String productId, String reason) implements ReservationEvent {}

    /** Nothing is reserved, for a product could not be. */
    record ReservationRejected(String orderId, String productId, String reason) implements ReservationEvent {}

    /** Nothing is held for the order, nor will be. */
    record ReservationReleased(String orderId) implements ReservationEvent {}

    /** What was reserved is sold. */
    record ReservationSold(String orderId) implements ReservationEvent {}

    /** What was sold is back. */
    record SaleReturned(String orderId, String returnId) implements ReservationEvent {}
}
