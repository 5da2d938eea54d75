package io.farandole.shop.order.ordering;

import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.EndWaiting;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.NoteWaiting;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.shop.order.ordering.OrderCommand.SettleOrder;
import io.farandole.shop.order.ordering.OrderCommand.WithdrawOrder;
import java.util.List;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** An order: applies what {@link OrderDecisions} decide, remembers it as {@link OrderFacts}. */
@Aggregate
class Order {

    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it
    private String orderId;

    private @Nullable OrderFacts facts;

    @SuppressWarnings("NullAway") // Axon's: the first event brings the id
    Order() {}

    @CommandHandler
    @SuppressWarnings("NullAway") // the first event brings the id
    Order(PlaceOrder command) {
        apply(OrderDecisions.place(command));
    }

    @CommandHandler
    void noteWaiting(NoteWaiting command) {
        apply(OrderDecisions.noteWaiting(facts(), command.until()));
    }

    @CommandHandler
    void endWaiting(EndWaiting command) {
        apply(OrderDecisions.endWaiting(facts()));
    }

    @CommandHandler
    void confirm(ConfirmOrder command) {
        apply(OrderDecisions.confirm(facts()));
    }

    @CommandHandler
    void cancel(CancelOrder command) {
        apply(OrderDecisions.cancel(facts(), command.reason()));
    }

    @CommandHandler
    void revoke(RevokeOrder command) {
        apply(OrderDecisions.revoke(facts(), command.reason()));
    }

    @CommandHandler
    OrderPhase withdraw(WithdrawOrder command) {
        apply(OrderDecisions.withdraw(facts()));
        return facts().phase();
    }

    @CommandHandler
    void fulfil(FulfilOrder command) {
        apply(OrderDecisions.fulfil(facts()));
    }

    @CommandHandler
    void settle(SettleOrder command) {
        apply(OrderDecisions.settle(facts()));
    }

    @CommandHandler
    void completeReturn(CompleteReturn command) {
        apply(OrderDecisions.completeReturn(facts()));
    }

    private static void apply(List<OrderEvent> events) {
        events.forEach(AggregateLifecycle::apply);
    }

    @EventSourcingHandler
    void on(OrderEvent event) {
        facts = OrderFacts.after(facts, event);
        orderId = event.orderId();
    }

    private OrderFacts facts() {
        return Objects.requireNonNull(facts, "An order is placed before anything else is asked of it");
    }
}
