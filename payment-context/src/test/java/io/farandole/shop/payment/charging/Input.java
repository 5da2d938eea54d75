package io.farandole.shop.payment.charging;

import static io.farandole.shop.payment.charging.Situation.AMOUNT;
import static io.farandole.shop.payment.charging.Situation.ORDER;
import static io.farandole.shop.payment.charging.Situation.RETURN;

import io.farandole.shop.payment.charging.PaymentCommand.CancelCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ConfirmCharge;
import io.farandole.shop.payment.charging.PaymentCommand.OrderCharge;
import io.farandole.shop.payment.charging.PaymentCommand.RecordAuthorization;
import io.farandole.shop.payment.charging.PaymentCommand.RecordCapture;
import io.farandole.shop.payment.charging.PaymentCommand.RecordRefund;
import io.farandole.shop.payment.charging.PaymentCommand.RecordVoid;
import io.farandole.shop.payment.charging.PaymentCommand.RequestCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ReturnCharge;
import io.farandole.shop.payment.charging.PaymentCommand.SecureStock;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Everything that a payment can be told. */
final class Input {

    /** By name, in the order of the table. */
    static final Map<String, PaymentCommand> ALL = all();

    private Input() {}

    private static Map<String, PaymentCommand> all() {
        Map<String, PaymentCommand> all = new LinkedHashMap<>();
        all.put("requested", new RequestCharge(ORDER, AMOUNT));
        all.put("ordered", new OrderCharge(ORDER, AMOUNT));
        all.put("reserved", new SecureStock(ORDER));
        all.put("confirmed", new ConfirmCharge(ORDER));
        all.put("cancelled", new CancelCharge(ORDER));
        all.put("returned", new ReturnCharge(ORDER, RETURN, AMOUNT));
        answers(all, "authorize", answer -> new RecordAuthorization(ORDER, answer));
        answers(all, "capture", answer -> new RecordCapture(ORDER, answer));
        answers(all, "void", answer -> new RecordVoid(ORDER, answer));
        answers(all, "refund", answer -> new RecordRefund(ORDER, answer));
        return all;
    }

    private static void answers(
            Map<String, PaymentCommand> all, String call, Function<GatewayAnswer, PaymentCommand> command) {
        all.put(call + "-done", command.apply(GatewayAnswer.done()));
        all.put(call + "-refused", command.apply(GatewayAnswer.refused("refused")));
        all.put(call + "-unknown", command.apply(GatewayAnswer.unknown("time-limit")));
    }

    static boolean isAnswer(PaymentCommand input) {
        return input instanceof RecordAuthorization
                || input instanceof RecordCapture
                || input instanceof RecordVoid
                || input instanceof RecordRefund;
    }
}
