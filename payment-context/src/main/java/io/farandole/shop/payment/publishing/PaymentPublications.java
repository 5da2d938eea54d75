package io.farandole.shop.payment.publishing;

import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureRefused;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;

/** Which private events others hear of, and how. */
final class PaymentPublications {

    static final Publications ALL = Publications.builder()
            .publish(ChargeAuthorized.class, it -> new PaymentAuthorized(it.orderId(), it.amount()))
            .publish(ChargeDeclined.class, it -> new PaymentDeclined(it.orderId(), it.reason()))
            .publish(ChargeCaptured.class, it -> new PaymentCaptured(it.orderId(), it.amount()))
            .publish(CaptureRefused.class, it -> new PaymentCaptureFailed(it.orderId(), it.reason()))
            .publish(ChargeVoided.class, it -> new PaymentVoided(it.orderId()))
            .publish(ChargeRefunded.class, it -> new PaymentRefunded(it.orderId(), null, it.amount()))
            .publish(ReturnRefunded.class, it -> new PaymentRefunded(it.orderId(), it.returnId(), it.amount()))
            .build();

    private PaymentPublications() {}
}
