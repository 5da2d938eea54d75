package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationReleased;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureRefused;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureUnresolved;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCancelled;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeConfirmed;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRequested;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.RefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRequested;
import io.farandole.shop.payment.charging.PaymentEvent.StockSecured;
import io.farandole.shop.payment.charging.PaymentEvent.VoidStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The situations that a payment can be in: each phase, with what else matters in it, and the events that lead there. */
final class Situation {

    static final String ORDER = "o-1";
    static final String RETURN = "r-1";
    static final Money AMOUNT = new Money(990, "EUR");

    /** By name, in the order of the table. */
    static final Map<String, List<PaymentEvent>> ALL = all();

    private Situation() {}

    private static Map<String, List<PaymentEvent>> all() {
        Map<String, List<PaymentEvent>> all = new LinkedHashMap<>();
        ChargeRequested requested = new ChargeRequested(ORDER, AMOUNT);
        StockSecured secured = new StockSecured(ORDER);
        ReturnRequested comesBack = new ReturnRequested(ORDER, RETURN, AMOUNT);
        ChargeCancelled cancelled = new ChargeCancelled(ORDER);
        VoidStarted voiding = new VoidStarted(ORDER, AMOUNT);
        ChargeVoided voided = new ChargeVoided(ORDER, AMOUNT);
        CaptureUnresolved unresolved = new CaptureUnresolved(ORDER, AMOUNT);

        all.put("new", List.of());
        all.put("requested", List.of(requested));
        all.put("reserved", List.of(secured));
        all.put("confirmed-early", List.of(new ChargeConfirmed(ORDER)));
        all.put("returned-early", List.of(comesBack));
        List<PaymentEvent> authorizing = List.of(requested, secured, new AuthorizationStarted(ORDER, AMOUNT));
        all.put("authorizing", authorizing);
        all.put("authorizing+confirmed", then(authorizing, new ChargeConfirmed(ORDER)));
        all.put("authorizing+return", then(authorizing, comesBack));
        List<PaymentEvent> authorized = then(authorizing, new ChargeAuthorized(ORDER, AMOUNT));
        all.put("authorized", authorized);
        all.put("authorized+return", then(authorized, comesBack));
        List<PaymentEvent> capturing = then(authorized, new CaptureStarted(ORDER, AMOUNT));
        all.put("capturing", capturing);
        all.put("capturing+cancelled", then(capturing, cancelled));
        all.put("capturing+return", then(capturing, comesBack));
        all.put("resolving", then(capturing, unresolved));
        all.put("resolving+cancelled", then(capturing, unresolved, cancelled));
        all.put("resolving+return", then(capturing, unresolved, comesBack));
        List<PaymentEvent> captured = then(capturing, new ChargeCaptured(ORDER, AMOUNT));
        all.put("captured", captured);
        List<PaymentEvent> returning = then(captured, new ReturnRefundStarted(RETURN, ORDER, AMOUNT));
        all.put("returning", returning);
        all.put("returning+cancelled", then(returning, cancelled));
        List<PaymentEvent> refunding = then(captured, new RefundStarted(ORDER, AMOUNT));
        all.put("refunding", refunding);
        all.put("refunding+return", then(refunding, comesBack));
        all.put("refunded", then(refunding, new ChargeRefunded(ORDER, AMOUNT)));
        all.put("returned", then(returning, new ReturnRefunded(RETURN, ORDER, AMOUNT)));
        all.put("voiding", then(authorized, voiding));
        all.put("voiding+return", then(authorized, voiding, comesBack));
        all.put(
                "voiding+refused",
                then(capturing, new CaptureRefused(ORDER, CollectionDecisions.CAPTURE_FAILED), voiding));
        all.put("voided", then(authorized, voiding, voided));
        all.put("voided-early", List.of(new ChargeVoided(ORDER, null)));
        List<PaymentEvent> declined =
                then(authorizing, new ChargeDeclined(ORDER, AMOUNT, CollectionDecisions.DECLINED));
        all.put("declined", declined);
        all.put("releasing", then(declined, voiding));
        all.put("released", then(declined, voiding, new AuthorizationReleased(ORDER)));
        return all;
    }

    private static List<PaymentEvent> then(List<PaymentEvent> first, PaymentEvent... more) {
        return Stream.concat(new ArrayList<>(first).stream(), Stream.of(more)).toList();
    }
}
