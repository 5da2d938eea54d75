package io.farandole.shop.kernel.order.v1;

/** An order ended without a sale. Whatever was done for it is to be undone. */
public record OrderCancelled(String orderId, String reason) {}
