package io.farandole.shop.stock.reservation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a caller who conducts a process by itself can ask of a reservation: TCC's try, confirm and cancel. Each may come twice, too
 * late or in vain; each is answered with a {@link HoldAnswer}. The reservation is the same that an order's events move.
 */
public sealed interface HoldCommand {

    /** The reservation, by a name that the caller chooses; also its process key. */
    String reservationId();

    /**
     * Hold all or nothing. A shortage is remembered: the same try later is refused as before, so that a duplicate that is
     * delayed on its way holds nothing that nobody knows of.
     *
     * @param quantities pieces by product
     */
    record TryHold(String reservationId, SortedMap<String, Long> quantities) implements HoldCommand {
        public TryHold {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** What is held becomes a sale. */
    record ConfirmHold(String reservationId) implements HoldCommand {}

    /** What is held is let go; if nothing is held, nothing will be: a try that comes later is refused. */
    record CancelHold(String reservationId) implements HoldCommand {}

    /** Nobody has confirmed in time: what is still held is let go. */
    record ExpireHold(String reservationId) implements HoldCommand {}

    /** Where it stands; changes nothing. */
    record ShowHold(String reservationId) implements HoldCommand {}
}
