package io.farandole.shop.stock.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.messaging.Headers;
import io.farandole.shop.stock.reservation.Hold;
import io.farandole.shop.stock.reservation.HoldAnswer;
import io.farandole.shop.stock.reservation.HoldCommand;
import io.farandole.shop.stock.reservation.HoldCommand.CancelHold;
import io.farandole.shop.stock.reservation.HoldCommand.ConfirmHold;
import io.farandole.shop.stock.reservation.HoldCommand.ShowHold;
import io.farandole.shop.stock.reservation.HoldCommand.TryHold;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Reservations for callers who conduct a process by themselves: try, confirm, cancel. The caller chooses the id, and repeats
 * whatever it has no answer to under the same id; each is one transaction. A refusal is 409 with its {@code reason}: {@code
 * insufficient-stock}, {@code unknown-product}, {@code other-lines}, {@code cancelled}, {@code expired}, {@code confirmed}, {@code
 * refused} or {@code follows-an-order}.
 */
@RestController
@RequestMapping("/reservations/{reservationId}")
class ReservationController {

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final String ID_MESSAGE =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";
    private static final int MOST_LINES = 100;

    /** So many pieces in so many lines of one product add up to what is far from overflowing. */
    private static final long MOST_PIECES = 1_000_000_000;

    private final CommandGateway commands;

    ReservationController(CommandGateway commands) {
        this.commands = commands;
    }

    /**
     * The body of a try.
     *
     * @param lines 1 to 100; a product may stand in several, what counts is the sum
     */
    record ReservationRequest(@NotEmpty @Size(max = MOST_LINES) List<@NotNull @Valid LineRequest> lines) {

        SortedMap<String, Long> quantities() {
            SortedMap<String, Long> sums = new TreeMap<>();
            lines.forEach(line -> sums.merge(line.productId(), line.quantity(), Long::sum));
            return sums;
        }
    }

    /** Pieces of a product. */
    record LineRequest(
            @NotNull @Pattern(regexp = ID, message = ID_MESSAGE) String productId,
            @NotNull @Min(1) @Max(MOST_PIECES) Long quantity) {}

    /**
     * A reservation.
     *
     * @param lines what is or was held, one per product
     * @param expiresAt when it is let go unless it is confirmed before; absent if nothing was ever held
     * @param reason why it was refused; absent if it was not
     * @param productId of what there is not enough; absent if it was not refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReservationResource(
            String reservationId,
            Hold.Phase state,
            List<LineResource> lines,
            @Nullable Instant expiresAt,
            @Nullable String reason,
            @Nullable String productId) {

        static ReservationResource of(Hold hold) {
            return new ReservationResource(
                    hold.reservationId(),
                    hold.phase(),
                    hold.quantities().entrySet().stream()
                            .map(line -> new LineResource(line.getKey(), line.getValue()))
                            .toList(),
                    hold.expiresAt(),
                    hold.reason(),
                    hold.productId());
        }
    }

    /** Pieces of a product. */
    record LineResource(String productId, long quantity) {}

    /** Try: holds every line or nothing, until it is confirmed or cancelled, or expires. */
    @PutMapping
    ReservationResource hold(
            @PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String reservationId,
            @Valid @RequestBody ReservationRequest request) {
        return answer(new TryHold(reservationId, request.quantities()));
    }

    /** Confirm: what is held is sold. */
    @PostMapping("/confirmation")
    ReservationResource confirm(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String reservationId) {
        return answer(new ConfirmHold(reservationId));
    }

    /** Cancel: what is held is let go. Before its try it is accepted too, and that try will be refused. */
    @DeleteMapping
    ReservationResource cancel(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String reservationId) {
        return answer(new CancelHold(reservationId));
    }

    /** Where it stands. */
    @GetMapping
    ReservationResource one(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String reservationId) {
        Optional<Hold> hold = commands.sendAndWait(new ShowHold(reservationId));
        return hold.map(ReservationResource::of).orElseThrow(() -> unknown(reservationId));
    }

    /** What happens to the goods belongs to the caller's process, as what happens to the reservation does. */
    private ReservationResource answer(HoldCommand command) {
        HoldAnswer answer = commands.sendAndWait(GenericCommandMessage.asCommandMessage(command)
                .andMetaData(Map.of(Headers.PROCESS_KEY, command.reservationId())));
        String refusal = answer.refusal();
        if (refusal == null) {
            return ReservationResource.of(answer.hold());
        }
        if (answer.hold().phase() == Hold.Phase.UNKNOWN) {
            throw unknown(command.reservationId());
        }
        throw refused(answer.hold(), refusal);
    }

    private static ErrorResponseException refused(Hold hold, String reason) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, sentence(reason));
        problem.setProperty("reason", reason);
        if (hold.productId() != null) {
            problem.setProperty("productId", hold.productId());
        }
        return new ErrorResponseException(HttpStatus.CONFLICT, problem, null);
    }

    private static String sentence(String reason) {
        return switch (reason) {
            case "insufficient-stock" -> "There is not enough of a product; nothing is held";
            case "unknown-product" -> "Nobody has received any of a product; nothing is held";
            case "other-lines" -> "This reservation is of other lines; take a new id for a new one";
            case "cancelled" -> "This reservation was cancelled; take a new id for a new one";
            case "expired" -> "This reservation has expired, and was let go; take a new id for a new one";
            case "confirmed" -> "This reservation is a sale: it is undone by a return, and not cancelled";
            case "follows-an-order" -> "This reservation follows an order: cancel that instead";
            default -> "Nothing is held by this reservation";
        };
    }

    private static ErrorResponseException unknown(String reservationId) {
        return new ErrorResponseException(
                HttpStatus.NOT_FOUND,
                ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no reservation " + reservationId),
                null);
    }
}
