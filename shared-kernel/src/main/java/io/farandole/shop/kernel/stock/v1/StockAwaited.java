package io.farandole.shop.kernel.stock.v1;

import java.time.Instant;

/**
 * An order waits for goods that are held for others, and holds nothing meanwhile. What ends it is that its goods are reserved, that it is
 * rejected, or that the order is cancelled.
 *
 * @param until when it is rejected at the latest
 */
public record StockAwaited(String orderId, Instant until) {}
