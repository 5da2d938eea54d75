package io.farandole.testkit.shipping;

import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

@Component
@ProcessingGroup("shipping")
public class AnnounceParcelOnOrderConfirmed {

    private final CommandGateway commands;

    AnnounceParcelOnOrderConfirmed(CommandGateway commands) {
        this.commands = commands;
    }

    @EventHandler
    void on(OrderConfirmed event) {
        commands.sendAndWait(new Parcel.AnnounceParcel(event.orderId()));
    }
}
