package io.farandole.bench.peers.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.bench.peers.axon.Commands.ReleaseStock;
import io.farandole.bench.peers.axon.Commands.ReserveStock;
import io.farandole.bench.peers.axon.Commands.SellStock;
import io.farandole.bench.peers.axon.Events.StockReceived;
import io.farandole.bench.peers.axon.Events.StockReleased;
import io.farandole.bench.peers.axon.Events.StockReservationRejected;
import io.farandole.bench.peers.axon.Events.StockReserved;
import io.farandole.bench.peers.axon.Events.StockSold;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** The pieces of one product: free ones, and those held for an order. */
class StockItem {

    @AggregateIdentifier
    private @Nullable String productId;

    private long available;
    private Map<String, Integer> reserved = new HashMap<>();

    StockItem() {}

    @CommandHandler
    void handle(ReserveStock command) {
        if (reserved.containsKey(command.orderId())) {
            return;
        }
        if (available < command.quantity()) {
            apply(new StockReservationRejected(command.productId(), command.orderId(), "insufficient-stock"));
        } else {
            apply(new StockReserved(command.productId(), command.orderId(), command.quantity()));
        }
    }

    @CommandHandler
    void handle(SellStock command) {
        Integer quantity = reserved.get(command.orderId());
        if (quantity != null) {
            apply(new StockSold(command.productId(), command.orderId(), quantity));
        }
    }

    @CommandHandler
    void handle(ReleaseStock command) {
        Integer quantity = reserved.get(command.orderId());
        if (quantity != null) {
            apply(new StockReleased(command.productId(), command.orderId(), quantity));
        }
    }

    @EventSourcingHandler
    void on(StockReceived event) {
        productId = event.productId();
        available += event.quantity();
    }

    @EventSourcingHandler
    void on(StockReserved event) {
        available -= event.quantity();
        reserved.put(event.orderId(), event.quantity());
    }

    @EventSourcingHandler
    void on(StockSold event) {
        reserved.remove(event.orderId());
    }

    @EventSourcingHandler
    void on(StockReleased event) {
        available += event.quantity();
        reserved.remove(event.orderId());
    }
}
