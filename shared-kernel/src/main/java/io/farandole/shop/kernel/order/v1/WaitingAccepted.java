package io.farandole.shop.kernel.order.v1;

/**
 * Whoever orders will wait for goods that are held for others and not paid yet; only for orders that said so. It stands before the order's
 * {@link OrderPlaced}, so that stock knows it when it looks for the goods.
 *
 * @param upToSeconds how long, counted from when the order was placed; 1 or more
 */
public record WaitingAccepted(String orderId, long upToSeconds) {}
