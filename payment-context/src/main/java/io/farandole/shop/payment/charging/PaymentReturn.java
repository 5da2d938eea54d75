package io.farandole.shop.payment.charging;

import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.payment.charging.PaymentCommand.ReturnCharge;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * An order that comes back: what was taken for it is paid back, now or as soon as it is taken. A process of its own, with
 * the return id as its key. Ends with the refund, which is zero where nothing was taken.
 */
@Step(
        name = "refund",
        startedBy = ReturnRefundStarted.class,
        completedBy = ReturnRefunded.class,
        outsideCall = "refund",
        irreversible = "a return undoes a sale, and is not undone itself")
@Saga
@ProcessingGroup("payment-return")
public class PaymentReturn {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient ProviderCalls calls;

    @StartSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(OrderReturned event) {
        Boolean open = commands.sendAndWait(new ReturnCharge(event.orderId(), event.returnId(), event.refund()));
        if (Boolean.FALSE.equals(open)) {
            SagaLifecycle.end();
        }
    }

    @SagaEventHandler(associationProperty = "returnId")
    void on(ReturnRefundStarted event) {
        calls.refund(event.returnId(), event.orderId(), event.amount());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(ReturnRefunded event) {}
}
