package io.farandole.shop.order.fulfilment;

import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Follows a return, a process with a key of its own, until the goods and the money are back, in whichever order. */
@Saga
@ProcessingGroup("order-return")
public class OrderReturn {

    @Autowired
    private transient CommandGateway commands;

    private @Nullable String orderId;
    private boolean goodsBack;
    private boolean moneyBack;

    @StartSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(OrderReturned event) {
        orderId = event.orderId();
    }

    @SagaEventHandler(associationProperty = "returnId")
    void on(StockReturned event) {
        goodsBack = true;
        completeIfBack();
    }

    @SagaEventHandler(associationProperty = "returnId", associationResolver = RefundProcess.class)
    void on(PaymentRefunded event) {
        moneyBack = true;
        completeIfBack();
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(ReturnCompleted event) {}

    private void completeIfBack() {
        if (goodsBack && moneyBack && orderId != null) {
            commands.sendAndWait(new CompleteReturn(orderId));
        }
    }
}
