package io.farandole.shop.kernel.order.v1;

/**
 * Where an order is to be delivered; only for orders that said so. It follows the order's {@link OrderPlaced}, of which it is no part, so
 * that nobody gets to know it but who delivers.
 *
 * @param deliverTo name and address, sealed: the order context owns the key, and lends it by a grant for that scope. Once the
 *     customer is erased, nobody can open it
 */
public record DeliveryRequested(String orderId, String deliverTo) {}
