package io.farandole.shop.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows a payment. */
@RestController
class PaymentController {

    private final PaymentViews views;

    PaymentController(PaymentViews views) {
        this.views = views;
    }

    /** The payment of an order; 404 before the provider was asked anything. */
    @GetMapping("/payments/{orderId}")
    PaymentAnswer find(@PathVariable String orderId) {
        return views.findById(orderId)
                .map(PaymentAnswer::of)
                .orElseThrow(() -> new ErrorResponseException(
                        HttpStatus.NOT_FOUND,
                        ProblemDetail.forStatusAndDetail(
                                HttpStatus.NOT_FOUND, "Nothing has happened to a payment of this order yet"),
                        null));
    }

    /**
     * The answer.
     *
     * @param authorized what the provider held at first; like the others null if the order was cancelled before its amount
     *     was known
     * @param problem what a person has to settle at the provider; absent if nothing
     */
    record PaymentAnswer(
            String orderId,
            PaymentStatus status,
            @Nullable Amount authorized,
            @Nullable Amount captured,
            @Nullable Amount refunded,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String problem) {

        static PaymentAnswer of(PaymentView view) {
            return new PaymentAnswer(
                    view.orderId(),
                    view.status(),
                    Amount.of(view.authorized()),
                    Amount.of(view.captured()),
                    Amount.of(view.refunded()),
                    view.problem());
        }
    }

    /** A decimal amount as text, so that nobody reads it as a floating-point number. */
    record Amount(String amount, String currency) {

        static @Nullable Amount of(@Nullable Money money) {
            return money == null ? null : new Amount(money.amount().toPlainString(), money.currency());
        }
    }
}
