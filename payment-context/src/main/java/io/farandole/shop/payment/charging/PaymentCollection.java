package io.farandole.shop.payment.charging;

import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.payment.charging.PaymentCommand.ConfirmCharge;
import io.farandole.shop.payment.charging.PaymentCommand.RequestCharge;
import io.farandole.shop.payment.charging.PaymentCommand.SecureStock;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureUnresolved;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeOrdered;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The way forward: what was requested, reserved and confirmed, in whatever order it is heard, becomes an authorisation and
 * a capture. Ends when the amount was taken, or never will be. What is to be undone is {@link PaymentReversal}'s.
 *
 * <p>The payment token is kept in this saga's state from {@code PaymentRequested} until the authorisation is requested.
 */
@Step(
        name = "authorize",
        startedBy = AuthorizationStarted.class,
        completedBy = CaptureStarted.class,
        failedBy = ChargeDeclined.class,
        outsideCall = "authorize",
        compensation = @Compensation(startedBy = ChargeVoided.class, completedBy = ChargeVoided.class))
@Step(
        name = "capture",
        startedBy = CaptureStarted.class,
        completedBy = ChargeCaptured.class,
        outsideCall = "capture",
        compensation = @Compensation(startedBy = CaptureUnresolved.class, completedBy = ChargeVoided.class))
@Saga
@ProcessingGroup("payment-collection")
public class PaymentCollection {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient ProviderCalls calls;

    private @Nullable String token;
    private boolean asked;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentRequested event) {
        if (!asked) {
            token = event.paymentToken();
        }
        tell(new RequestCharge(event.orderId(), event.amount()));
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReserved event) {
        tell(new SecureStock(event.orderId()));
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderConfirmed event) {
        tell(new ConfirmCharge(event.orderId()));
    }

    /** Whoever took the caller's request has asked the provider in the same transaction, and kept the token out of the journal. */
    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeOrdered event) {
        asked = true;
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(AuthorizationStarted event) {
        if (asked) {
            return;
        }
        String secret = token;
        if (secret == null) {
            throw new IllegalStateException("The token of order " + event.orderId()
                    + " is not known although its authorisation was started: replay the process from its beginning");
        }
        calls.authorize(event.orderId(), event.amount(), secret);
        asked = true;
        token = null;
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(CaptureStarted event) {
        calls.capture(event.orderId(), event.amount());
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(CaptureUnresolved event) {
        calls.cancel(event.orderId(), event.amount());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeCaptured event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeDeclined event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeVoided event) {}

    private void tell(PaymentCommand command) {
        Boolean open = commands.sendAndWait(command);
        // Once the authorisation was asked for, the end stands further down in the journal, and ends this saga too.
        if (Boolean.FALSE.equals(open) && !asked) {
            SagaLifecycle.end();
        }
    }
}
