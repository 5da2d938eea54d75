package io.farandole.shop.order.web;

import io.farandole.shop.order.ordering.OrderCommand.WithdrawOrder;
import io.farandole.shop.order.ordering.OrderPhase;
import io.farandole.shop.order.tracking.FindOrders;
import io.farandole.shop.order.tracking.OrderStatus;
import io.farandole.shop.order.tracking.OrderStatusView;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Orders. Each POST is one transaction and honours {@code Idempotency-Key}, which is the framework's doing; what is answered
 * has been committed.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

    private final CommandGateway commands;
    private final FindOrders orders;
    private final DeliveryAddresses addresses;

    OrderController(CommandGateway commands, FindOrders orders, DeliveryAddresses addresses) {
        this.commands = commands;
        this.orders = orders;
        this.addresses = addresses;
    }

    /** Takes an order: the answer is a ticket, and the order can be read as soon as it is there. */
    @PostMapping
    ResponseEntity<OrderTicket> place(@Valid @RequestBody PlaceOrderRequest request) {
        String orderId = IdentifierFactory.getInstance().generateIdentifier();
        commands.sendAndWait(request.toCommand(orderId, addresses.seal(request.customerId(), request.deliverTo())));
        return ResponseEntity.accepted()
                .location(URI.create("/orders/" + orderId))
                .body(new OrderTicket(orderId, OrderStatus.PENDING));
    }

    /** The customer does not want it any more: cancelled before it is a sale, returned after. */
    @PostMapping("/{orderId}/cancel")
    ResponseEntity<OrderTicket> cancel(
            @PathVariable @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) {
        OrderPhase phase = commands.sendAndWait(new WithdrawOrder(orderId));
        return ResponseEntity.accepted()
                .location(URI.create("/orders/" + orderId))
                .body(OrderTicket.of(orderId, phase));
    }

    /** One order. */
    @GetMapping("/{orderId}")
    OrderResource one(@PathVariable @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) {
        return orders.byId(orderId).map(addresses::resource).orElseThrow(() -> unknown(orderId));
    }

    /** Orders, newest first, a page at a time. */
    @GetMapping
    OrderPage page(
            @RequestParam(required = false) @Nullable OrderStatus status,
            @RequestParam(defaultValue = "50") @Min(1) @Max(FindOrders.MAX_PAGE) int limit,
            @RequestParam(required = false) @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) @Nullable String after) {
        List<OrderStatusView> page = orders.page(status, limit, after)
                .orElseThrow(() ->
                        new ResponseStatusException(HttpStatus.BAD_REQUEST, "There is no order that 'after' names"));
        String next = page.size() < limit ? null : page.get(page.size() - 1).getId();
        return new OrderPage(addresses.resources(page), next);
    }

    static ResponseStatusException unknown(String orderId) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + orderId);
    }
}
