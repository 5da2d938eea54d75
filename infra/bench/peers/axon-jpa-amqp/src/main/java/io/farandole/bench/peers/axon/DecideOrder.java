package io.farandole.bench.peers.axon;

import io.farandole.bench.peers.axon.Commands.CancelOrder;
import io.farandole.bench.peers.axon.Commands.ConfirmOrder;
import io.farandole.bench.peers.axon.Events.PaymentCaptured;
import io.farandole.bench.peers.axon.Events.PaymentDeclined;
import io.farandole.bench.peers.axon.Events.StockReservationRejected;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventHandler;

/** In the order context: confirms an order that is paid, cancels one that can't be. It needs to remember nothing, so it is no saga. */
class DecideOrder {

    private final CommandGateway commands;

    DecideOrder(CommandGateway commands) {
        this.commands = commands;
    }

    @EventHandler
    void on(PaymentCaptured event) {
        commands.sendAndWait(new ConfirmOrder(event.orderId()));
    }

    @EventHandler
    void on(PaymentDeclined event) {
        commands.sendAndWait(new CancelOrder(event.orderId(), event.reason()));
    }

    @EventHandler
    void on(StockReservationRejected event) {
        commands.sendAndWait(new CancelOrder(event.orderId(), event.reason()));
    }
}
