package io.farandole.shop.stock.inventory;

import io.farandole.shop.stock.inventory.StockEvent.GoodsReceived;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * The stock of one product. It holds sums only, so a product that everybody orders is as light as any other; which order
 * holds how much is known to the order's reservation.
 */
@Aggregate(snapshotTriggerDefinition = "stockItemSnapshots")
class StockItem {

    @AggregateIdentifier
    private String productId;

    private StockLevel level = StockLevel.NONE;
    private long waiting;
    private boolean turnCalled;

    @SuppressWarnings("NullAway") // the first event brings the id
    StockItem() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    @Nullable StockLevel receive(ReceiveGoods command) {
        if (!level.hasRoomFor(command.quantity())) {
            return null;
        }
        apply(new GoodsReceived(command.productId(), command.quantity()));
        return level;
    }

    StockLevel level() {
        return level;
    }

    /** How many orders wait for it. */
    long waiting() {
        return waiting;
    }

    /** Whether what there is belongs to those who wait, until they have been gone through. */
    boolean isTurnCalled() {
        return turnCalled;
    }

    /** Whoever waits is to be gone through whenever pieces come or go for good. What is reserved is neither. */
    void apply(StockEvent event) {
        AggregateLifecycle.apply(event);
        if (waiting > 0 && !turnCalled && !(event instanceof StockEvent.PiecesReserved)) {
            apply(new QueueEvent.TurnCalled(event.productId()));
        }
    }

    void apply(QueueEvent event) {
        AggregateLifecycle.apply(event);
    }

    @EventSourcingHandler
    void on(StockEvent event) {
        productId = event.productId();
        level = level.after(event);
    }

    @EventSourcingHandler
    void on(QueueEvent event) {
        if (event instanceof QueueEvent.QueueJoined) {
            waiting++;
        } else if (event instanceof QueueEvent.QueueLeft) {
            waiting--;
        } else {
            turnCalled = event instanceof QueueEvent.TurnCalled;
        }
    }

    /** For reading snapshots and failures. */
    @Override
    public String toString() {
        return "StockItem[" + productId + ", " + level + ", " + waiting + " waiting]";
    }
}
