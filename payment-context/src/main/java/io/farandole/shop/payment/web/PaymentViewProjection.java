package io.farandole.shop.payment.web;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.SettlementFailed;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Keeps the view in step with the payment's events, in the transaction that moves the processor on. */
@Component
@ProcessingGroup("payment-view")
class PaymentViewProjection {

    private static final Logger log = LoggerFactory.getLogger(PaymentViewProjection.class);

    private final PaymentViews views;

    PaymentViewProjection(PaymentViews views) {
        this.views = views;
    }

    @EventHandler
    void on(ChargeAuthorized event) {
        PaymentView view = view(event.orderId(), PaymentStatus.AUTHORIZED, event.amount());
        view.authorized(event.amount());
        views.save(view);
    }

    @EventHandler
    void on(ChargeDeclined event) {
        views.save(view(event.orderId(), PaymentStatus.DECLINED, event.amount()));
    }

    @EventHandler
    void on(ChargeCaptured event) {
        PaymentView view = view(event.orderId(), PaymentStatus.CAPTURED, event.amount());
        view.captured(event.amount());
        views.save(view);
    }

    @EventHandler
    void on(ChargeVoided event) {
        PaymentView view = view(event.orderId(), PaymentStatus.VOIDED, event.amount());
        view.voided();
        views.save(view);
    }

    @EventHandler
    void on(ChargeRefunded event) {
        refunded(event.orderId(), event.amount());
    }

    @EventHandler
    void on(ReturnRefunded event) {
        refunded(event.orderId(), event.amount());
    }

    @EventHandler
    void on(SettlementFailed event) {
        log.error(
                "The {} of order {} could not be done at the payment provider ({}): a person has to settle it there",
                event.operation(),
                event.orderId(),
                event.reason());
        Optional<PaymentView> found = views.findById(event.orderId());
        found.ifPresent(view -> {
            view.failedToSettle(event.operation() + ": " + event.reason());
            views.save(view);
        });
    }

    private void refunded(String orderId, Money amount) {
        if (amount.minor() == 0) {
            return; // settled without money: nothing to show
        }
        PaymentView view = view(orderId, PaymentStatus.REFUNDED, amount);
        view.refunded(amount);
        views.save(view);
    }

    private PaymentView view(String orderId, PaymentStatus status, @Nullable Money amount) {
        return views.findById(orderId)
                .orElseGet(() -> new PaymentView(orderId, status, amount == null ? null : amount.currency()));
    }
}
