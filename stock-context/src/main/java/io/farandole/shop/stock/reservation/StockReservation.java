package io.farandole.shop.stock.reservation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.messaging.Personal;
import io.farandole.saga.barrier.Barrier;
import io.farandole.saga.barrier.Barrier.Forward;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.stock.reservation.HoldCommand.CancelHold;
import io.farandole.shop.stock.reservation.HoldCommand.ExpireHold;
import io.farandole.shop.stock.reservation.ReservationCommand.NoteDelivery;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveOrAwait;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.Reserved;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationCommand.StopWaiting;
import io.farandole.shop.stock.reservation.ReservationEvent.HoldEnded;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationHeld;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingServed;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Holds an order's goods from when it is placed until they are sold for good or let go.
 *
 * <p>Whatever comes first starts it. A cancellation that comes before the order finds nothing to undo, leaves a tombstone at
 * the barrier, and the order that comes after it is not reserved. A confirmation that comes before the order waits for it. A
 * sale can still be undone until its payment is captured (the capture may fail, and the order is cancelled then), so only
 * that ends the process.
 *
 * <p>An order that accepts to wait, and comes when others hold what it wants, waits for its turn (see {@link WaitingList}): it holds nothing until
 * it is served, and is told if it is refused. A cancellation ends the wait like a reservation, wherever the turn stands.
 */
@Step(
        name = StockReservation.WAIT,
        begunBySaga = true,
        completedBy = WaitingServed.class,
        failedBy = WaitingRefused.class,
        deadline = StockReservation.WAITING_TIME,
        irreversible = "who waits holds nothing")
@Step(
        name = StockReservation.HOLD,
        startedBy = {OrderPlaced.class, ReservationHeld.class},
        completedBy = OrderConfirmed.class,
        deadline = StockReservation.EXPIRY,
        compensation = @Compensation(startedBy = OrderCancelled.class, completedBy = OrderCancelled.class))
@Saga
@ProcessingGroup(StockReservation.GROUP)
public class StockReservation {

    static final String GROUP = "stock-reservation";
    static final String EXPIRY = "reservation-expiry";
    static final String WAITING_TIME = "waiting-time";
    static final String HOLD = "hold";
    static final String WAIT = "wait";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    @Autowired
    private transient ReservationGuard guard;

    @Autowired
    private transient ReservationSettings settings;

    @Autowired
    private transient WaitingListSettings waitingSettings;

    private @Nullable String orderId;
    private @Nullable String expiry;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private @Nullable Personal deliverTo;

    private boolean held;
    /** How long the order would wait, in seconds. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    private long waits;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private @Nullable String waitingTime;

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    private boolean waiting;

    private boolean reserved;
    private boolean confirmed;
    private boolean captured;

    /** It stands before its order. */
    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(WaitingAccepted event) {
        orderId = event.orderId();
        waits = event.upToSeconds();
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event, @Timestamp Instant placedAt) {
        orderId = event.orderId();
        if (guard.forward(event.orderId()) != Forward.PASS) {
            SagaSteps.skipped(HOLD, "cancelled before it came");
            return;
        }
        switch (reserve(event, placedAt)) {
            case YES -> goodsAreHeld(event.orderId());
            case NOT_YET -> SagaSteps.begun(WAIT);
            case NO -> {
                SagaSteps.failed(HOLD, "not in stock");
                SagaLifecycle.end();
            }
        }
    }

    private Reserved reserve(OrderPlaced event, Instant placedAt) {
        SortedMap<String, Long> wanted = sums(event.lines());
        if (waits == 0) {
            Boolean done = commands.sendAndWait(new ReserveStock(event.orderId(), wanted));
            return Boolean.TRUE.equals(done) ? Reserved.YES : Reserved.NO;
        }
        Instant until = placedAt.plusSeconds(
                Math.min(waits, waitingSettings.longestWait().toSeconds()));
        Reserved answer = commands.sendAndWait(new ReserveOrAwait(event.orderId(), wanted, until));
        if (answer == Reserved.NOT_YET) {
            waiting = true;
            waitingTime = deadlines.schedule(until, WAITING_TIME);
        }
        return answer;
    }

    private void goodsAreHeld(String order) {
        reserved = true;
        noteDelivery(order);
        if (confirmed) {
            sell(order);
        } else {
            expiry = deadlines.schedule(settings.reservationExpiry(), EXPIRY);
        }
    }

    /** A caller holds goods by itself: what is left to do here is to see that they are not held for ever. */
    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ReservationHeld event) {
        orderId = event.orderId();
        held = true;
        expiry = deadlines.schedule(event.expiresAt(), EXPIRY);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(WaitingServed event) {
        waitsNoMore();
        goodsAreHeld(event.orderId());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(HoldEnded event) {
        cancelExpiry();
        note(event.how());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(WaitingRefused event) {
        waitsNoMore();
        SagaSteps.failed(HOLD, event.reason());
    }

    /** What has become of it is for its reservation to say: its turn may have come at the same moment. */
    @DeadlineHandler(deadlineName = WAITING_TIME)
    void waitedLongEnough() {
        waitingTime = null;
        if (orderId != null) {
            commands.sendAndWait(new StopWaiting(orderId));
        }
    }

    /** As a rule it comes right after its order; should it come before, it is kept, sealed as it is. */
    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(DeliveryRequested event) {
        orderId = event.orderId();
        deliverTo = Personal.parse(event.deliverTo());
        noteDelivery(event.orderId());
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderConfirmed event) {
        orderId = event.orderId();
        confirmed = true;
        cancelExpiry();
        if (reserved) {
            sell(event.orderId());
        }
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCaptured event) {
        orderId = event.orderId();
        captured = true;
        endIfSoldForGood();
    }

    @StartSaga
    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCancelled event) {
        cancelExpiry();
        stopWaiting();
        release(event.orderId());
    }

    @DeadlineHandler(deadlineName = EXPIRY)
    @EndSaga
    void nobodyConfirmed() {
        expiry = null;
        if (orderId != null && held) {
            // A confirmation may have been faster: the reservation decides, and says so to whoever reads the log.
            HoldAnswer answer = commands.sendAndWait(new ExpireHold(orderId));
            note(answer.hold().phase() == Hold.Phase.CONFIRMED ? HoldEnd.CONFIRMED : HoldEnd.EXPIRED);
        } else if (orderId != null) {
            release(orderId);
            SagaSteps.compensated(HOLD);
        }
    }

    /** The release tells the order, which is revoked for that. */
    @CompensationHandler
    void giveUp() {
        cancelExpiry();
        stopWaiting();
        if (orderId != null && held) {
            commands.sendAndWait(new CancelHold(orderId));
            SagaSteps.compensated(HOLD);
        } else if (orderId != null) {
            release(orderId);
            SagaSteps.compensated(HOLD);
        }
        SagaLifecycle.end();
    }

    /** Also where there is nothing to undo, for the release is what others wait for. */
    private void release(String order) {
        if (guard.compensate(order) != Barrier.Compensation.DUPLICATE) {
            commands.sendAndWait(new ReleaseStock(order));
        }
    }

    private static void note(HoldEnd end) {
        if (end == HoldEnd.CONFIRMED) {
            SagaSteps.succeeded(HOLD);
        } else {
            SagaSteps.compensated(HOLD);
        }
    }

    private void noteDelivery(String order) {
        if (reserved && deliverTo != null) {
            commands.sendAndWait(new NoteDelivery(order, deliverTo));
        }
    }

    private void sell(String order) {
        commands.sendAndWait(new SellStock(order));
        endIfSoldForGood();
    }

    private void endIfSoldForGood() {
        if (reserved && confirmed && captured) {
            SagaLifecycle.end();
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            deadlines.cancelSchedule(EXPIRY, expiry);
            expiry = null;
        }
    }

    private void stopWaiting() {
        if (waiting) {
            SagaSteps.skipped(WAIT, "cancelled");
        }
        waitsNoMore();
    }

    private void waitsNoMore() {
        waiting = false;
        if (waitingTime != null) {
            deadlines.cancelSchedule(WAITING_TIME, waitingTime);
            waitingTime = null;
        }
    }

    /** A product may stand in several lines: what counts is the sum; one beyond all measure is more than there is. */
    private static SortedMap<String, Long> sums(List<OrderLine> lines) {
        SortedMap<String, Long> sums = new TreeMap<>();
        for (OrderLine line : lines) {
            sums.merge(line.productId(), line.quantity(), StockReservation::saturatedSum);
        }
        return sums;
    }

    private static long saturatedSum(long one, long other) {
        long sum = one + other;
        return sum < one ? Long.MAX_VALUE : sum;
    }
}
