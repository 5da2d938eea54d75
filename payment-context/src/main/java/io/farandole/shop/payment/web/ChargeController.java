package io.farandole.shop.payment.web;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.charging.Charge;
import io.farandole.shop.payment.charging.ChargeAnswer;
import io.farandole.shop.payment.charging.ChargeCommand;
import io.farandole.shop.payment.charging.ChargeCommand.ShowCharge;
import io.farandole.shop.payment.charging.ChargeCommand.TakeCharge;
import io.farandole.shop.payment.charging.ChargeCommand.UndoCharge;
import io.farandole.shop.payment.web.PaymentController.Amount;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Charges for callers who conduct a process by themselves. The caller chooses the id, and asks again under the same id as long as the
 * answer is 202: the provider is being asked. Its end is 200, {@code DECLINED} among them; 409 with its {@code reason}, {@code
 * cancelled}, {@code other-amount} or {@code follows-an-order}, says that it cannot be.
 */
@RestController
@RequestMapping("/charges/{chargeId}")
class ChargeController {

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final String ID_MESSAGE =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";

    /** As the order service's. */
    private static final long MOST_MINOR = 1_000_000_000_000L;

    private final CommandGateway commands;

    ChargeController(CommandGateway commands) {
        this.commands = commands;
    }

    /**
     * The body of a charge.
     *
     * @param token how it is paid: 1 to 200 visible characters
     */
    record ChargeRequest(
            @NotNull @Valid AmountRequest amount,
            @NotNull @Pattern(regexp = "[!-~]{1,200}", message = "has 1 to 200 visible ASCII characters") String token) {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "ChargeRequest[amount=" + amount + "]";
        }
    }

    /**
     * An exact decimal amount.
     *
     * @param amount as text, for not every writer keeps a number's decimals; a number is taken as well
     */
    record AmountRequest(
            @NotNull @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount,
            @NotNull @Pattern(regexp = "[A-Z]{3}", message = "is an ISO 4217 code") String currency) {

        Money money() {
            Money money;
            try {
                money = Money.of(amount, currency);
            } catch (IllegalArgumentException e) {
                throw problem(
                        HttpStatus.BAD_REQUEST, "amount must be an amount with the decimals of a known currency", null);
            }
            if (money.minor() < 1 || money.minor() > MOST_MINOR) {
                throw problem(
                        HttpStatus.BAD_REQUEST,
                        "amount must be positive, and at most " + MOST_MINOR + " minor units",
                        null);
            }
            return money;
        }
    }

    /**
     * A charge.
     *
     * @param amount what it is about; absent if it was undone before that was said
     * @param reason why it was declined; absent if it was not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeResource(String chargeId, Charge.Status state, @Nullable Amount amount, @Nullable String reason) {

        static ChargeResource of(Charge charge) {
            return new ChargeResource(charge.chargeId(), charge.status(), Amount.of(charge.amount()), charge.reason());
        }
    }

    /** Takes an amount, once per id; 202 while the provider is being asked. */
    @PutMapping
    ResponseEntity<ChargeResource> take(
            @PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String chargeId,
            @Valid @RequestBody ChargeRequest request) {
        return answer(new TakeCharge(chargeId, request.amount().money(), request.token()));
    }

    /** Undoes it, whatever has become of it; 202 while that is under way. Before it was asked for it is accepted too, and the charge that comes later is refused. */
    @DeleteMapping
    ResponseEntity<ChargeResource> undo(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String chargeId) {
        return answer(new UndoCharge(chargeId));
    }

    /** Where it stands. */
    @GetMapping
    ChargeResource one(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String chargeId) {
        Optional<Charge> charge = commands.sendAndWait(new ShowCharge(chargeId));
        return charge.map(ChargeResource::of)
                .orElseThrow(() -> problem(HttpStatus.NOT_FOUND, "There is no charge " + chargeId, null));
    }

    private ResponseEntity<ChargeResource> answer(ChargeCommand command) {
        ChargeAnswer answer = commands.sendAndWait(command);
        String refusal = answer.refusal();
        if (refusal != null) {
            throw problem(HttpStatus.CONFLICT, sentence(refusal), refusal);
        }
        boolean underWay =
                switch (answer.charge().status()) {
                    case CHARGING, CANCELLING -> true;
                    case CHARGED, DECLINED, CANCELLED, FOLLOWS_AN_ORDER -> false;
                };
        return ResponseEntity.status(underWay ? HttpStatus.ACCEPTED : HttpStatus.OK)
                .body(ChargeResource.of(answer.charge()));
    }

    private static String sentence(String refusal) {
        return switch (refusal) {
            case "cancelled" -> "This charge was undone; take a new id for a new one";
            case "other-amount" -> "This charge is of another amount; take a new id for a new one";
            default -> "This charge follows an order: cancel that instead";
        };
    }

    private static ErrorResponseException problem(HttpStatus status, String detail, @Nullable String reason) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        if (reason != null) {
            problem.setProperty("reason", reason);
        }
        return new ErrorResponseException(status, problem, null);
    }
}
