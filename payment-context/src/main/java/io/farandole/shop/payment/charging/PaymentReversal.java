package io.farandole.shop.payment.charging;

import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.payment.charging.PaymentCommand.CancelCharge;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationReleased;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.RefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.VoidStarted;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The way back: a cancelled order, a refused capture or an authorisation with unknown outcome is settled at the provider.
 * Ends when nothing is held, taken or on its way back. A saga of its own, so that a cancellation is heard even after the
 * collection has ended.
 */
@Step(
        name = "void",
        startedBy = VoidStarted.class,
        completedBy = {AuthorizationReleased.class, ChargeVoided.class},
        outsideCall = "void",
        irreversible = "it undoes an authorisation, and is not undone itself")
@Step(
        name = "refund",
        startedBy = RefundStarted.class,
        completedBy = ChargeRefunded.class,
        outsideCall = "refund",
        irreversible = "it undoes a capture, and is not undone itself")
@Saga
@ProcessingGroup("payment-reversal")
public class PaymentReversal {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient ProviderCalls calls;

    private boolean begun;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCancelled event) {
        Boolean open = commands.sendAndWait(new CancelCharge(event.orderId()));
        // Settled already; but the end of what this saga has begun stands further down in the journal, and ends it too.
        if (Boolean.FALSE.equals(open) && !begun) {
            SagaLifecycle.end();
        }
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(VoidStarted event) {
        begun = true;
        calls.cancel(event.orderId(), event.amount());
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(RefundStarted event) {
        begun = true;
        calls.refund(event.orderId(), event.orderId(), event.amount());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeVoided event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(AuthorizationReleased event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeRefunded event) {}
}
