package io.farandole.shop.order.web;

import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.CommandOutcome;
import io.farandole.messaging.command.CommandOutcome.FieldError;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.RefusalReason;
import io.farandole.shop.order.tracking.OrderStatus;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** {@code order.place-order.v1}: what {@code POST /orders} does, for services that send it over the broker. */
@Configuration(proxyBeanMethods = false)
class OrdersOverAmqp {

    @Bean
    AcceptedCommand<PlaceOrderRequest> placeOrder(CommandGateway commands, DeliveryAddresses addresses) {
        return AcceptedCommand.of("order.place-order.v1", PlaceOrderRequest.class, request -> {
            String orderId = IdentifierFactory.getInstance().generateIdentifier();
            try {
                commands.sendAndWait(
                        request.toCommand(orderId, addresses.seal(request.customerId(), request.deliverTo())));
            } catch (ErrorResponseException e) {
                return refused(e);
            }
            return CommandOutcome.done(new OrderTicket(orderId, OrderStatus.PENDING));
        });
    }

    /** Thrown before anything is done: money that does not add up, or an address that cannot be sealed. */
    private static CommandOutcome refused(ErrorResponseException e) {
        String detail = String.valueOf(e.getBody().getDetail());
        if (e.getStatusCode().isSameCodeAs(HttpStatus.UNPROCESSABLE_CONTENT)) {
            return CommandOutcome.refused("addresses-not-kept", detail);
        }
        return new Refused(RefusalReason.INVALID.code(), detail, errors(e));
    }

    private static List<FieldError> errors(ErrorResponseException e) {
        Map<String, Object> properties = e.getBody().getProperties();
        Object errors = properties == null ? null : properties.get("errors");
        return errors instanceof List<?> list
                ? list.stream()
                        .map(error -> (Map<?, ?>) error)
                        .map(error ->
                                new FieldError(String.valueOf(error.get("field")), String.valueOf(error.get("detail"))))
                        .toList()
                : List.of();
    }
}
