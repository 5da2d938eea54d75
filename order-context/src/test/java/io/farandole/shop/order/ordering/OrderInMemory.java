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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One order in memory, for the tests of its sagas: decides as the aggregate does, and keeps the events. */
public final class OrderInMemory {

    private final List<OrderEvent> events = new ArrayList<>();
    private @Nullable OrderFacts facts;

    /** Carries out a command; the events that followed. */
    public List<OrderEvent> handle(OrderCommand command) {
        List<OrderEvent> decided = decide(command);
        for (OrderEvent event : decided) {
            facts = OrderFacts.after(facts, event);
            events.add(event);
        }
        return decided;
    }

    private List<OrderEvent> decide(OrderCommand command) {
        if (command instanceof PlaceOrder place) {
            return OrderDecisions.place(place);
        }
        OrderFacts order = Objects.requireNonNull(facts);
        if (command instanceof NoteWaiting waiting) {
            return OrderDecisions.noteWaiting(order, waiting.until());
        }
        if (command instanceof EndWaiting) {
            return OrderDecisions.endWaiting(order);
        }
        if (command instanceof ConfirmOrder) {
            return OrderDecisions.confirm(order);
        }
        if (command instanceof CancelOrder cancel) {
            return OrderDecisions.cancel(order, cancel.reason());
        }
        if (command instanceof RevokeOrder revoke) {
            return OrderDecisions.revoke(order, revoke.reason());
        }
        if (command instanceof WithdrawOrder) {
            return OrderDecisions.withdraw(order);
        }
        if (command instanceof FulfilOrder) {
            return OrderDecisions.fulfil(order);
        }
        if (command instanceof SettleOrder) {
            return OrderDecisions.settle(order);
        }
        if (command instanceof CompleteReturn) {
            return OrderDecisions.completeReturn(order);
        }
        throw new IllegalArgumentException("Unknown command " + command);
    }

    /** Where the order stands. */
    public OrderPhase phase() {
        return Objects.requireNonNull(facts).phase();
    }

    /** Whether the last thing has happened to a cancelled or returned order. */
    public boolean closed() {
        return Objects.requireNonNull(facts).closed();
    }

    /** Everything that happened. */
    public List<OrderEvent> events() {
        return List.copyOf(events);
    }
}
