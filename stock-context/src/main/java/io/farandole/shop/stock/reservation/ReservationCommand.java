package io.farandole.shop.stock.reservation;

import io.farandole.messaging.Personal;
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

    /** Where the goods go; noted if they are held or sold. */
    record NoteDelivery(String orderId, Personal deliverTo) implements ReservationCommand {}

    /** Undo what was done, a sale included; or, if nothing was done, do nothing later either. */
    record ReleaseStock(String orderId) implements ReservationCommand {}

    /** The reservation becomes a sale. */
    record SellStock(String orderId) implements ReservationCommand {}

    /** What was sold comes back, on behalf of a return. */
    record TakeBackStock(String orderId, String returnId) implements ReservationCommand {}
}
