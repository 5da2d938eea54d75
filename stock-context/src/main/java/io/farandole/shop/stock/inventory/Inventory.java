package io.farandole.shop.stock.inventory;

import io.farandole.shop.stock.inventory.StockEvent.PiecesReleased;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReserved;
import io.farandole.shop.stock.inventory.StockEvent.PiecesSold;
import io.farandole.shop.stock.inventory.StockEvent.PiecesTakenBack;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Moves the stock of several products in one unit of work. Products are taken in sorted order, always, so that two who want
 * the same ones wait for each other instead of each having what the other needs. Call it from command handlers only.
 */
@Component
public class Inventory {

    private final Repository<StockItem> items;

    Inventory(Repository<StockItem> items) {
        this.items = items;
    }

    /**
     * Why nothing was reserved.
     *
     * @param productId the first product, in sorted order, that there is not enough of
     * @param reason {@code unknown-product} or {@code insufficient-stock}
     */
    public record Shortage(String productId, String reason) {}

    /**
     * Reserves all or nothing: everything is looked at before anything moves.
     *
     * @param quantities pieces by product
     * @return empty if everything is reserved
     */
    public Optional<Shortage> reserve(String orderId, SortedMap<String, Long> quantities) {
        Map<String, Aggregate<StockItem>> loaded = new LinkedHashMap<>();
        for (Map.Entry<String, Long> wanted : quantities.entrySet()) {
            String productId = wanted.getKey();
            Aggregate<StockItem> item;
            try {
                item = items.load(productId);
            } catch (AggregateNotFoundException e) {
                return Optional.of(new Shortage(productId, "unknown-product"));
            }
            if (!item.invoke(stock -> stock.canReserve(wanted.getValue()))) {
                return Optional.of(new Shortage(productId, "insufficient-stock"));
            }
            loaded.put(productId, item);
        }
        loaded.forEach((productId, item) -> item.execute(
                stock -> stock.apply(new PiecesReserved(productId, orderId, quantities.getOrDefault(productId, 0L)))));
        return Optional.empty();
    }

    /** Makes available what is reserved for an order. */
    public void release(String orderId, SortedMap<String, Long> quantities) {
        move(quantities, (productId, quantity) -> new PiecesReleased(productId, orderId, quantity));
    }

    /** Sells what is reserved for an order. */
    public void sell(String orderId, SortedMap<String, Long> quantities) {
        move(quantities, (productId, quantity) -> new PiecesSold(productId, orderId, quantity));
    }

    /** Makes available what was sold to an order. */
    public void takeBack(String orderId, SortedMap<String, Long> quantities) {
        move(quantities, (productId, quantity) -> new PiecesTakenBack(productId, orderId, quantity));
    }

    private void move(SortedMap<String, Long> quantities, Movement movement) {
        quantities.forEach((productId, quantity) ->
                items.load(productId).execute(stock -> stock.apply(movement.of(productId, quantity))));
    }

    private interface Movement {
        StockEvent of(String productId, long quantity);
    }
}
