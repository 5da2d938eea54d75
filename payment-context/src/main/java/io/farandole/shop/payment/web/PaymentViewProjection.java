package io.farandole.shop.payment.web;

import io.farandole.axon.RowChanges;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.SettlementFailed;
import java.util.function.Consumer;
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

    private final RowChanges<String, PaymentView> rows;

    PaymentViewProjection(PaymentViews views) {
        this.rows = new RowChanges<>(views::findAllByOrderIdIn, PaymentView::getId, views::save);
    }

    @EventHandler
    void on(ChargeAuthorized event) {
        change(event.orderId(), PaymentStatus.AUTHORIZED, event.amount(), row -> row.authorized(event.amount()));
    }

    @EventHandler
    void on(ChargeDeclined event) {
        change(event.orderId(), PaymentStatus.DECLINED, event.amount(), row -> {});
    }

    @EventHandler
    void on(ChargeCaptured event) {
        change(event.orderId(), PaymentStatus.CAPTURED, event.amount(), row -> row.captured(event.amount()));
    }

    @EventHandler
    void on(ChargeVoided event) {
        change(event.orderId(), PaymentStatus.VOIDED, event.amount(), PaymentView::voided);
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
        rows.change(event.orderId(), row -> {
            if (row != null) {
                row.failedToSettle(event.operation() + ": " + event.reason());
            }
            return row;
        });
    }

    private void refunded(String orderId, Money amount) {
        if (amount.minor() == 0) {
            return; // settled without money: nothing to show
        }
        change(orderId, PaymentStatus.REFUNDED, amount, row -> row.refunded(amount));
    }

    private void change(String orderId, PaymentStatus status, @Nullable Money amount, Consumer<PaymentView> change) {
        rows.change(orderId, row -> {
            PaymentView view =
                    row == null ? new PaymentView(orderId, status, amount == null ? null : amount.currency()) : row;
            change.accept(view);
            return view;
        });
    }
}
