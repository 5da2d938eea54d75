package io.farandole.shop.stock.inventory;

/**
 * How much there is of a product. What was received is always the sum of the three, and none of them is ever negative.
 *
 * @param available to be ordered
 * @param reserved held for orders that are not sales yet
 * @param sold gone, unless it comes back
 */
public record StockLevel(long available, long reserved, long sold) {

    /** The most pieces of a product that are kept; far from what a {@code long} holds, so sums never overflow. */
    public static final long MOST = 1_000_000_000_000_000L;

    /** Nothing, of a product that nobody has received yet. */
    public static final StockLevel NONE = new StockLevel(0, 0, 0);

    /**
     * @throws IllegalArgumentException if one of them is negative: the events do not add up, which is a defect
     */
    public StockLevel {
        if (available < 0 || reserved < 0 || sold < 0) {
            throw new IllegalArgumentException(
                    "Stock is never negative: available " + available + ", reserved " + reserved + ", sold " + sold);
        }
    }

    /** Whether so many more can be kept. */
    boolean hasRoomFor(long quantity) {
        return quantity <= MOST - available - reserved - sold;
    }

    /** Whether so many can be reserved. */
    boolean canReserve(long quantity) {
        return quantity <= available;
    }

    /** How many are there, or may still come back from orders that are no sales yet. */
    public long mayCome() {
        return available + reserved;
    }

    /** The level after one more event. */
    public StockLevel after(StockEvent event) {
        long moved = event.quantity();
        if (event instanceof StockEvent.GoodsReceived) {
            return new StockLevel(available + moved, reserved, sold);
        }
        if (event instanceof StockEvent.PiecesReserved) {
            return new StockLevel(available - moved, reserved + moved, sold);
        }
        if (event instanceof StockEvent.PiecesReleased) {
            return new StockLevel(available + moved, reserved - moved, sold);
        }
        if (event instanceof StockEvent.PiecesSold) {
            return new StockLevel(available, reserved - moved, sold + moved);
        }
        return new StockLevel(available + moved, reserved, sold - moved);
    }
}
