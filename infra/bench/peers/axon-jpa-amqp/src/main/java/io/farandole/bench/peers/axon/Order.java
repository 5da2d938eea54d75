package io.farandole.bench.peers.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.bench.peers.axon.Commands.CancelOrder;
import io.farandole.bench.peers.axon.Commands.ConfirmOrder;
import io.farandole.bench.peers.axon.Commands.PlaceOrder;
import io.farandole.bench.peers.axon.Events.OrderCancelled;
import io.farandole.bench.peers.axon.Events.OrderConfirmed;
import io.farandole.bench.peers.axon.Events.OrderPlaced;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** An order: placed, then confirmed or cancelled. */
class Order {

    @AggregateIdentifier
    private @Nullable String orderId;

    private boolean decided;

    Order() {}

    @CommandHandler
    Order(PlaceOrder command) {
        apply(new OrderPlaced(
                command.orderId(),
                command.customerId(),
                command.productId(),
                command.quantity(),
                command.amountMinor(),
                command.currency(),
                command.paymentToken()));
    }

    @CommandHandler
    void handle(ConfirmOrder command) {
        if (!decided) {
            apply(new OrderConfirmed(command.orderId()));
        }
    }

    @CommandHandler
    void handle(CancelOrder command) {
        if (!decided) {
            apply(new OrderCancelled(command.orderId(), command.reason()));
        }
    }

    @EventSourcingHandler
    void on(OrderPlaced event) {
        orderId = event.orderId();
    }

    @EventSourcingHandler
    void on(OrderConfirmed event) {
        decided = true;
    }

    @EventSourcingHandler
    void on(OrderCancelled event) {
        decided = true;
    }
}
