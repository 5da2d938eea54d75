package io.farandole.shop.order.coordination;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.order.coordination.CoordinationCommand.AbandonOrder;
import io.farandole.shop.order.coordination.CoordinationCommand.BeginCoordination;
import io.farandole.shop.order.coordination.CoordinationCommand.RecordAnswer;
import io.farandole.shop.order.coordination.CoordinationCommand.SettleCoordination;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeTaken;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationSettled;
import io.farandole.shop.order.coordination.CoordinationEvent.OrderAbandoned;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** An order that is conducted: keeps what the participants have answered. The list of steps is the saga's. */
@Aggregate
@Coordinated
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class CoordinatedOrder {

    @AggregateIdentifier
    private String orderId;

    private boolean paid;
    private boolean abandoned;
    private boolean settled;

    CoordinatedOrder() {}

    @CommandHandler
    CoordinatedOrder(BeginCoordination command) {
        apply(new CoordinationBegun(
                command.orderId(), command.customerId(), command.lines(), command.total(), command.paymentToken()));
    }

    /** Each call is answered once, which is the framework's doing: whatever it says is noted, also while the order is being undone. */
    @CommandHandler
    void handle(RecordAnswer command) {
        apply(command.step().after(command.orderId(), command.answer()));
    }

    @CommandHandler
    boolean handle(AbandonOrder command) {
        if (!paid && !abandoned) {
            apply(new OrderAbandoned(command.orderId(), command.reason()));
        }
        return !paid;
    }

    @CommandHandler
    void handle(SettleCoordination command) {
        if (!settled) {
            apply(new CoordinationSettled(command.orderId()));
        }
    }

    @EventSourcingHandler
    void on(CoordinationEvent event) {
        orderId = event.orderId();
        paid |= event instanceof ChargeTaken;
        abandoned |= event instanceof OrderAbandoned;
        settled |= event instanceof CoordinationSettled;
    }
}
