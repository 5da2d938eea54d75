package io.farandole.shop.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.boot.status.ProcessOverview;
import io.farandole.boot.status.ProcessOverviews;
import io.farandole.shop.order.coordination.Coordinated;
import io.farandole.shop.order.coordination.CoordinatedOrderView;
import io.farandole.shop.order.coordination.CoordinatedStatus;
import io.farandole.shop.order.coordination.CoordinationCommand.BeginCoordination;
import io.farandole.shop.order.coordination.FindCoordinatedOrders;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.web.OrderResource.Amount;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Instant;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Orders that a coordinator conducts; taken as other orders are, but not delivered, cancelled by the customer or returned. There are no
 * such addresses where the coordinator is not switched on.
 */
@RestController
@Coordinated
@RequestMapping("/coordinated-orders")
class CoordinatedOrderController {

    private final CommandGateway commands;
    private final FindCoordinatedOrders orders;
    private final ProcessOverviews processes;

    CoordinatedOrderController(CommandGateway commands, FindCoordinatedOrders orders, ProcessOverviews processes) {
        this.commands = commands;
        this.orders = orders;
        this.processes = processes;
    }

    /** What a customer gets at once. */
    record CoordinatedTicket(String orderId, CoordinatedStatus status) {}

    /**
     * An order.
     *
     * @param reason why it was cancelled; absent if it was not
     * @param closedAt since when nothing is left to do: sold, or undone; absent before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CoordinatedResource(
            String orderId,
            String customerId,
            CoordinatedStatus status,
            @Nullable String reason,
            Amount total,
            Instant placedAt,
            @Nullable Instant closedAt) {

        static CoordinatedResource of(CoordinatedOrderView view) {
            return new CoordinatedResource(
                    view.getId(),
                    view.customerId(),
                    view.status(),
                    view.reason(),
                    Amount.of(view.total()),
                    view.placedAt(),
                    view.closedAt());
        }
    }

    /** Takes an order: the answer is a ticket, and the order can be read as soon as it is there. */
    @PostMapping
    ResponseEntity<CoordinatedTicket> place(@Valid @RequestBody PlaceOrderRequest request) {
        if (request.deliverTo() != null) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "Orders that a coordinator conducts are not delivered");
        }
        PlaceOrder order = request.toCommand(IdentifierFactory.getInstance().generateIdentifier(), null);
        commands.sendAndWait(
                new BeginCoordination(order.orderId(), order.customerId(), order.paymentToken(), order.lines()));
        return ResponseEntity.accepted()
                .location(URI.create("/coordinated-orders/" + order.orderId()))
                .body(new CoordinatedTicket(order.orderId(), CoordinatedStatus.PENDING));
    }

    /** One order. */
    @GetMapping("/{orderId}")
    CoordinatedResource one(@PathVariable @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) {
        return orders.byId(orderId).map(CoordinatedResource::of).orElseThrow(() -> OrderController.unknown(orderId));
    }

    /** Every step of it, in all contexts. */
    @GetMapping("/{orderId}/process")
    ProcessOverview process(@PathVariable @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) {
        if (orders.byId(orderId).isEmpty()) {
            throw OrderController.unknown(orderId);
        }
        return processes.of(orderId);
    }
}
