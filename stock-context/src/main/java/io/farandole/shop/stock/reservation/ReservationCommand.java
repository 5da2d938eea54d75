package io.farandole.shop.stock.reservation;

import io.farandole.messaging.Personal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What can be asked of an order's reservation. Each may come twice, too late or in vain: then it changes nothing. */
sealed interface ReservationCommand {

    /** The order whose goods they are. */
    String orderId();

    /**
     * Reserve all or nothing. Answers whether it is reserved.
     *
     * @param quantities pieces by product
     */
    record ReserveStock(String orderId, SortedMap<String, Long> quantities) implements ReservationCommand {
        public ReserveStock {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /**
     * Reserve all or nothing; or, if others hold what is missing and may not pay, wait for it. Answers with a {@link Reserved}.
     *
     * @param quantities pieces by product
     * @param until when the wait ends at the latest
     */
    record ReserveOrAwait(String orderId, SortedMap<String, Long> quantities, Instant until)
            implements ReservationCommand {
        public ReserveOrAwait {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** How far a reservation has come. */
    enum Reserved {
        /** The goods are held. */
        YES,
        /** They are waited for. */
        NOT_YET,
        /** They could not be had, or are not wanted any more. */
        NO
    }

    /** It has waited long enough. */
    record StopWaiting(String orderId) implements ReservationCommand {}

    /** Where the goods go; noted if they are held or sold. */
    record NoteDelivery(String orderId, Personal deliverTo) implements ReservationCommand {}

    /** Undo what was done, a sale included; or, if nothing was done, do nothing later either. */
    record ReleaseStock(String orderId) implements ReservationCommand {}

    /** The reservation becomes a sale. */
    record SellStock(String orderId) implements ReservationCommand {}

    /** What was sold comes back, on behalf of a return. */
    record TakeBackStock(String orderId, String returnId) implements ReservationCommand {}
}
