package io.farandole.shop.order.fulfilment;

import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.Reasons;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** A version that somebody thinks of: who is declined has a day to pay otherwise. */
class OrderFulfilmentOfTomorrow {

    static final String SECOND_CHANCE = "second-chance";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    private @Nullable String orderId;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event) {
        orderId = event.orderId();
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentDeclined event) {
        deadlines.schedule(Duration.ofDays(1), SECOND_CHANCE);
    }

    @DeadlineHandler(deadlineName = SECOND_CHANCE)
    void dayIsOver() {
        if (orderId != null) {
            commands.sendAndWait(new CancelOrder(orderId, Reasons.TIME_LIMIT));
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReservationRejected event) {
        commands.sendAndWait(new CancelOrder(event.orderId(), event.reason()));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentAuthorized event) {
        commands.sendAndWait(new ConfirmOrder(event.orderId()));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCaptured event) {
        commands.sendAndWait(new FulfilOrder(event.orderId()));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCaptureFailed event) {
        commands.sendAndWait(new RevokeOrder(event.orderId(), Reasons.CAPTURE_FAILED));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderFulfilled event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderSettled event) {}
}
