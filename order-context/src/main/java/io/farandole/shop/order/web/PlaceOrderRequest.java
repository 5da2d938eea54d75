package io.farandole.shop.order.web;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The body of {@code POST /orders}.
 *
 * @param customerId who orders
 * @param paymentToken how the customer pays: 1 to 200 visible characters
 * @param lines 1 to 100 of them, all in one currency
 * @param deliverTo name and address, free text of 1 to 1,000 characters; null for an order that is not delivered. Personal: it is
 *     sealed at once, and erased with the customer
 * @param waitUpTo how long the order waits for goods that are held for others and not paid yet: an ISO 8601 duration such as {@code PT10M}, from a second
 *     to 30 days, of which stock may grant less; null for an order that does not wait
 */
record PlaceOrderRequest(
        @NotNull @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String customerId,
        @NotNull @Pattern(regexp = "[!-~]{1,200}", message = "has 1 to 200 visible ASCII characters") String paymentToken,
        @NotEmpty @Size(max = MOST_LINES) List<@NotNull @Valid LineRequest> lines,
        @Nullable @Size(min = 1, max = MOST_OF_ADDRESS) @Pattern(regexp = "[\\s\\S]*\\S[\\s\\S]*", message = "is not blank") String deliverTo,
        @Nullable Duration waitUpTo) {

    static final int MOST_LINES = 100;
    static final int MOST_OF_ADDRESS = 1_000;
    static final long MOST_PIECES = 1_000_000;

    /** A unit price and a total below this fit everywhere, whatever they are multiplied and summed with here. */
    private static final long MOST_MINOR = 1_000_000_000_000L;

    /** One line. */
    record LineRequest(
            @NotNull @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String productId,
            @NotNull @Min(1) @Max(MOST_PIECES) Long quantity,
            @NotNull @Valid AmountRequest unitPrice) {}

    /**
     * An exact decimal amount.
     *
     * @param amount as text, for not every writer keeps a number's decimals; a number is taken as well
     */
    record AmountRequest(
            @NotNull @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount,
            @NotNull @Pattern(regexp = "[A-Z]{3}", message = "is an ISO 4217 code") String currency) {}

    /** Leaves token and address out. */
    @Override
    public String toString() {
        return "PlaceOrderRequest[customerId=" + customerId + "]";
    }

    /**
     * The command for it, with the sealed form of {@code deliverTo}.
     *
     * @throws ErrorResponseException 400 if the money in it does not add up to an order
     */
    PlaceOrder toCommand(String orderId, @Nullable Personal sealed) {
        List<Map<String, String>> errors = new ArrayList<>();
        List<Line> result = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            LineRequest line = lines.get(i);
            try {
                result.add(new Line(line.productId(), line.quantity(), price(line.unitPrice())));
            } catch (IllegalArgumentException e) {
                errors.add(error("lines[" + i + "].unitPrice", String.valueOf(e.getMessage())));
            }
        }
        if (waitUpTo != null
                && (waitUpTo.compareTo(PlaceOrder.SHORTEST_WAIT) < 0
                        || waitUpTo.compareTo(PlaceOrder.LONGEST_WAIT) > 0)) {
            errors.add(error("waitUpTo", "is from " + PlaceOrder.SHORTEST_WAIT + " to " + PlaceOrder.LONGEST_WAIT));
        }
        if (errors.isEmpty()) {
            checkTotal(result, errors);
        }
        if (!errors.isEmpty()) {
            ProblemDetail problem =
                    ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request is not valid; see errors");
            problem.setProperty("errors", errors.stream().limit(20).toList());
            throw new ErrorResponseException(HttpStatus.BAD_REQUEST, problem, null);
        }
        return new PlaceOrder(orderId, customerId, paymentToken, result, sealed, waitUpTo);
    }

    private static Money price(AmountRequest amount) {
        Money price;
        try {
            price = Money.of(amount.amount(), amount.currency());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be an amount with the decimals of a known currency", e);
        }
        if (price.minor() < 1 || price.minor() > MOST_MINOR) {
            throw new IllegalArgumentException("must be positive, and at most " + MOST_MINOR + " minor units");
        }
        return price;
    }

    private static void checkTotal(List<Line> lines, List<Map<String, String>> errors) {
        String currency = lines.get(0).unitPrice().currency();
        if (!lines.stream().allMatch(line -> line.unitPrice().currency().equals(currency))) {
            errors.add(error("lines", "must all be in one currency"));
            return;
        }
        try {
            Money total = lines.stream().map(Line::price).reduce(Money.zero(currency), Money::plus);
            if (total.minor() > MOST_MINOR) {
                errors.add(error("lines", "must add up to at most " + MOST_MINOR + " minor units"));
            }
        } catch (ArithmeticException e) {
            errors.add(error("lines", "must add up to at most " + MOST_MINOR + " minor units"));
        }
    }

    private static Map<String, String> error(String field, String detail) {
        return Map.of("field", field, "detail", detail);
    }
}
