package io.farandole.shop.order.fulfilment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.order.ordering.OrderCommand;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.EndWaiting;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.NoteWaiting;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.shop.order.ordering.OrderCommand.SettleOrder;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.OrderConfirmed;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.Reasons;
import java.time.Instant;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Follows an order from when it is placed until nothing is left to do: confirmed and captured, or cancelled and settled.
 *
 * <p>It commands the order, and the order decides: a command that comes too late changes nothing. So a time limit that
 * passes while the payment is being authorised needs no arbitration here: whichever command comes first wins, and the
 * order's own event tells this saga which one it was.
 *
 * <p>The time limit runs until the process has ended. What is pending when it passes is cancelled; what is awaited after that, a
 * capture or the undoing, is told to be overdue, and looked at again after twice as long each time: an order that waits through an
 * outage of days makes a handful of events, not hundreds. While an order waits for goods that others hold, stock keeps the time; the order's limit begins anew when
 * the wait ends.
 *
 * <p>Stock's and payment's events come in any mutual order; what each of them settles is noted, whenever it comes. Only the
 * order's own placing starts it: everything else is caused by that, and stands after it in the journal.
 */
@Step(
        name = "goods",
        completedBy = {StockReserved.class, PaymentAuthorized.class},
        failedBy = StockReservationRejected.class,
        deadline = OrderFulfilment.TIME_LIMIT,
        compensation = @Compensation(startedBy = OrderCancelled.class, completedBy = StockReleased.class))
@Step(
        name = "payment",
        completedBy = PaymentAuthorized.class,
        failedBy = PaymentDeclined.class,
        deadline = OrderFulfilment.TIME_LIMIT,
        compensation =
                @Compensation(
                        startedBy = OrderCancelled.class,
                        completedBy = {PaymentVoided.class, PaymentRefunded.class}))
@Step(
        name = "capture",
        startedBy = OrderConfirmed.class,
        completedBy = PaymentCaptured.class,
        failedBy = PaymentCaptureFailed.class,
        deadline = OrderFulfilment.TIME_LIMIT,
        compensation =
                @Compensation(
                        startedBy = OrderCancelled.class,
                        completedBy = {PaymentVoided.class, PaymentRefunded.class}))
@Saga
@ProcessingGroup("order-fulfilment")
public class OrderFulfilment {

    static final String TIME_LIMIT = "order-time-limit";

    private static final int MOST_DOUBLINGS = 10;

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    @Autowired
    private transient FulfilmentSettings settings;

    private @Nullable String orderId;
    private @Nullable String timeLimit;
    private int timesLate;

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    private boolean waiting;

    private boolean confirmed;
    private boolean cancelled;
    private boolean stockSettled;
    private boolean paymentSettled;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event, @Timestamp Instant placedAt) {
        orderId = event.orderId();
        timeLimit = deadlines.schedule(placedAt.plus(settings.timeLimit()), TIME_LIMIT);
    }

    /** What it may take afterwards, it may take from the end of the wait on. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(StockAwaited event) {
        if (confirmed || cancelled) {
            return;
        }
        waiting = true;
        cancelTimeLimit();
        timeLimit = deadlines.schedule(event.until().plus(settings.timeLimit()), TIME_LIMIT);
        send(new NoteWaiting(event.orderId(), event.until()));
    }

    /** Payment learns of it too, and authorises: nothing to do here, unless it was waited for. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReserved event) {
        if (waiting) {
            waiting = false;
            cancelTimeLimit();
            timeLimit = deadlines.schedule(settings.timeLimit(), TIME_LIMIT);
            send(new EndWaiting(event.orderId()));
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReservationRejected event) {
        stockSettled = true;
        send(new CancelOrder(event.orderId(), event.reason()));
        settleIfUndone();
    }

    /** What it means if nobody asked for it is for {@link RevokeOrderOnStockReleased} to say. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReleased event) {
        stockSettled = true;
        settleIfUndone();
    }

    /** Payment authorises only what is reserved, so this confirms the order whether or not stock's own word is here yet. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentAuthorized event) {
        send(new ConfirmOrder(event.orderId()));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentDeclined event) {
        paymentSettled = true;
        send(new CancelOrder(event.orderId(), event.reason()));
        settleIfUndone();
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCaptured event) {
        send(new FulfilOrder(event.orderId()));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCaptureFailed event) {
        send(new RevokeOrder(event.orderId(), Reasons.CAPTURE_FAILED));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentVoided event) {
        paymentSettled = true;
        settleIfUndone();
    }

    /** The refund of a cancelled order; a return's refund belongs to the return's process. */
    @SagaEventHandler(associationProperty = "orderId", associationResolver = RefundProcess.class)
    void on(PaymentRefunded event) {
        paymentSettled = true;
        settleIfUndone();
    }

    @DeadlineHandler(deadlineName = TIME_LIMIT)
    void timeLimitPassed() {
        timesLate = Math.min(timesLate + 1, MOST_DOUBLINGS);
        timeLimit = deadlines.schedule(settings.timeLimit().multipliedBy(1L << timesLate), TIME_LIMIT);
        if (orderId != null && !confirmed && !cancelled) {
            send(new CancelOrder(orderId, Reasons.TIME_LIMIT));
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderConfirmed event) {
        confirmed = true;
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCancelled event) {
        cancelled = true;
        settleIfUndone();
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderFulfilled event) {
        cancelTimeLimit();
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderSettled event) {
        cancelTimeLimit();
    }

    /** Whatever it has come to: cancelled while it is pending or being paid, returned after. */
    @CompensationHandler
    void giveUp() {
        if (orderId != null) {
            send(new RevokeOrder(orderId, Reasons.OPERATOR));
        }
    }

    private void settleIfUndone() {
        if (cancelled && stockSettled && paymentSettled && orderId != null) {
            send(new SettleOrder(orderId));
        }
    }

    private void cancelTimeLimit() {
        if (timeLimit != null) {
            deadlines.cancelSchedule(TIME_LIMIT, timeLimit);
            timeLimit = null;
        }
    }

    private void send(OrderCommand command) {
        commands.sendAndWait(command);
    }
}
