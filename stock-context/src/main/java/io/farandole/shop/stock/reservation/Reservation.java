package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.reservation.ReservationEvent.DeliveryNoted;
import io.farandole.shop.stock.reservation.ReservationEvent.HoldEnded;
import io.farandole.shop.stock.reservation.ReservationEvent.OrderReserved;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationHeld;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingBegan;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingServed;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** What stock has done for one order, as a visible fact; there is one per order, and its id follows from the order's. */
@Aggregate
class Reservation {

    /** What may still be done follows from what was done. */
    enum State {
        /** Nothing. */
        NONE,
        /** Others hold the goods: the order is in their products' queues. */
        WAITING,
        /** The goods are held. */
        RESERVED,
        /** They could not be had. */
        REJECTED,
        /** They were let go, or will never be held: the order was cancelled. */
        RELEASED,
        /** They are sold. */
        SOLD,
        /** They were sold, and came back. */
        RETURNED
    }

    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it
    private String reservationId;

    private State state = State.NONE;
    private boolean deliveryNoted;
    private SortedMap<String, Long> quantities = Collections.emptySortedMap();
    private @Nullable Instant heldUntil;
    private @Nullable HoldEnd holdEnd;
    private @Nullable ReservationRejected rejected;
    private String lacking = "";

    @SuppressWarnings("NullAway") // the first event brings the id
    Reservation() {}

    /** A product may be called like an order, so a reservation is called otherwise than both. */
    static String idOf(String orderId) {
        return "reservation/" + orderId;
    }

    State state() {
        return state;
    }

    boolean deliveryNoted() {
        return deliveryNoted;
    }

    /** What is held, waited for or sold, pieces by product. */
    SortedMap<String, Long> quantities() {
        return quantities;
    }

    /** As a caller sees it who holds goods by it. */
    Hold hold(String id) {
        String reason = rejected == null ? null : rejected.reason();
        String productId = rejected == null ? null : rejected.productId();
        return new Hold(id, phase(), quantities, heldUntil, reason, productId);
    }

    private Hold.Phase phase() {
        return switch (state) {
            case NONE -> Hold.Phase.UNKNOWN;
            case RESERVED -> heldUntil == null ? Hold.Phase.FOLLOWS_AN_ORDER : Hold.Phase.HELD;
            case SOLD -> heldUntil == null ? Hold.Phase.FOLLOWS_AN_ORDER : Hold.Phase.CONFIRMED;
            case REJECTED -> Hold.Phase.REFUSED;
            case RELEASED -> holdEnd == HoldEnd.EXPIRED ? Hold.Phase.EXPIRED : Hold.Phase.CANCELLED;
            case WAITING, RETURNED -> Hold.Phase.FOLLOWS_AN_ORDER;
        };
    }

    /** The product for want of which it began to wait; empty if it never did. */
    String lacking() {
        return lacking;
    }

    void apply(ReservationEvent event) {
        AggregateLifecycle.apply(event);
    }

    @EventSourcingHandler
    void on(ReservationEvent event) {
        reservationId = idOf(event.orderId());
        if (event instanceof OrderReserved reserved) {
            state = State.RESERVED;
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(reserved.quantities()));
        } else if (event instanceof ReservationHeld held) {
            state = State.RESERVED;
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(held.quantities()));
            heldUntil = held.expiresAt();
        } else if (event instanceof HoldEnded ended) {
            holdEnd = ended.how();
        } else if (event instanceof WaitingBegan began) {
            state = State.WAITING;
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(began.quantities()));
            lacking = began.productId();
        } else if (event instanceof WaitingServed) {
            state = State.RESERVED;
        } else if (event instanceof DeliveryNoted) {
            deliveryNoted = true;
        } else if (event instanceof WaitingRefused refusal) {
            state = State.REJECTED;
            rejected = new ReservationRejected(refusal.orderId(), refusal.productId(), refusal.reason());
        } else if (event instanceof ReservationRejected refusal) {
            state = State.REJECTED;
            rejected = refusal;
        } else if (event instanceof ReservationReleased) {
            state = State.RELEASED;
        } else if (event instanceof ReservationSold) {
            state = State.SOLD;
        } else {
            state = State.RETURNED;
        }
    }
}
