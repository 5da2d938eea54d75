package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.QueueEvent.TurnCalled;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/**
 * Goes through those who wait for a product when their turn is called: an event of the journal, so it survives whatever happens, and
 * nobody has to look again and again. In the processor of the orders' reservations, whose one segment is the only one to touch both.
 */
@Component
@DisallowReplay // it acts, and its processor could be replayed for its sake
@ProcessingGroup(StockReservation.GROUP)
class TakeTurnOnTurnCalled {

    private final CommandGateway commands;

    TakeTurnOnTurnCalled(CommandGateway commands) {
        this.commands = commands;
    }

    @EventHandler
    void on(TurnCalled event) {
        commands.sendAndWait(new TakeTurn(event.productId()));
    }
}
