package io.farandole.shop.stock.inventory;

import io.farandole.shop.stock.inventory.QueueEvent.QueueJoined;
import io.farandole.shop.stock.inventory.QueueEvent.QueueLeft;
import io.farandole.shop.stock.inventory.QueueEvent.TurnCalled;
import io.farandole.shop.stock.inventory.QueueEvent.TurnEnded;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReleased;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReserved;
import io.farandole.shop.stock.inventory.StockEvent.PiecesSold;
import io.farandole.shop.stock.inventory.StockEvent.PiecesTakenBack;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
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

    /** What keeps an order's goods from being reserved. */
    public enum Lack {
        /** Nobody has ever received the product. */
        UNKNOWN_PRODUCT,
        /** There are not enough, and not so many can come back from orders that are no sales yet. */
        SOLD,
        /** There are not enough, but enough together with what is held for orders that are no sales yet. */
        HELD,
        /** Those who wait for the product have to be gone through first. */
        TURN_OF_OTHERS
    }

    /**
     * Why nothing was reserved.
     *
     * @param productId the first product, in sorted order, that there is not enough of; the first one that is sold, if there is one
     */
    public record Shortage(String productId, Lack lack) {

        /** The same in stable words, as others are told: {@code unknown-product} or {@code insufficient-stock}. */
        public String reason() {
            return lack == Lack.UNKNOWN_PRODUCT ? "unknown-product" : "insufficient-stock";
        }
    }

    /**
     * Reserves all or nothing: everything is looked at before anything moves.
     *
     * @param quantities pieces by product
     * @return empty if everything is reserved
     */
    public Optional<Shortage> reserve(String orderId, SortedMap<String, Long> quantities) {
        return reserve(orderId, quantities, null);
    }

    /**
     * The same for an order that waits, and whose turn it is.
     *
     * @param turn the product whose queue is gone through
     */
    public Optional<Shortage> reserveInTurn(String orderId, SortedMap<String, Long> quantities, String turn) {
        return reserve(orderId, quantities, turn);
    }

    private Optional<Shortage> reserve(String orderId, SortedMap<String, Long> quantities, @Nullable String turn) {
        Map<String, Aggregate<StockItem>> loaded = new LinkedHashMap<>();
        Shortage shortage = null;
        for (Map.Entry<String, Long> wanted : quantities.entrySet()) {
            String productId = wanted.getKey();
            Aggregate<StockItem> item;
            try {
                item = items.load(productId);
            } catch (AggregateNotFoundException e) {
                return Optional.of(new Shortage(productId, Lack.UNKNOWN_PRODUCT));
            }
            Lack lack = item.invoke(stock -> lackOf(stock, wanted.getValue(), !productId.equals(turn)));
            if (lack != null && (shortage == null || (lack == Lack.SOLD && shortage.lack() != Lack.SOLD))) {
                shortage = new Shortage(productId, lack);
            }
            loaded.put(productId, item);
        }
        if (shortage == null) {
            loaded.forEach((productId, item) -> item.execute(stock ->
                    stock.apply(new PiecesReserved(productId, orderId, quantities.getOrDefault(productId, 0L)))));
        }
        return Optional.ofNullable(shortage);
    }

    private static @Nullable Lack lackOf(StockItem stock, long wanted, boolean othersFirst) {
        if (othersFirst && stock.isTurnCalled()) {
            return Lack.TURN_OF_OTHERS;
        }
        if (stock.level().canReserve(wanted)) {
            return null;
        }
        return wanted <= stock.level().mayCome() ? Lack.HELD : Lack.SOLD;
    }

    /** How much there is of a product that has been received. */
    public StockLevel levelOf(String productId) {
        return items.load(productId).invoke(StockItem::level);
    }

    /** How many orders wait for a product that has been received. */
    public long waitingFor(String productId) {
        return items.load(productId).invoke(StockItem::waiting);
    }

    /** Whether those who wait for a product are to be gone through. */
    public boolean isTurnCalled(String productId) {
        return items.load(productId).invoke(StockItem::isTurnCalled);
    }

    /** Notes that an order waits for these products. */
    public void join(String orderId, Collection<String> productIds) {
        productIds.forEach(productId -> queue(new QueueJoined(productId, orderId)));
    }

    /** Notes that an order waits for these products no more. */
    public void leave(String orderId, Collection<String> productIds) {
        productIds.forEach(productId -> queue(new QueueLeft(productId, orderId)));
    }

    /** Calls those who wait for a product once more, for there are more of them than could be gone through at a time. */
    public void callTurnAgain(String productId) {
        queue(new TurnCalled(productId));
    }

    /** Notes that everybody who waits for a product has been gone through. */
    public void endTurn(String productId) {
        queue(new TurnEnded(productId));
    }

    private void queue(QueueEvent event) {
        items.load(event.productId()).execute(stock -> stock.apply(event));
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
