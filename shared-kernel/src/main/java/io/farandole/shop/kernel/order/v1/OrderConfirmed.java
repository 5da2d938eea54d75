package io.farandole.shop.kernel.order.v1;

import io.farandole.shop.kernel.Money;

/** Stock is reserved and payment authorised: reservation becomes a sale, the authorisation is captured. */
public record OrderConfirmed(String orderId, Money total) {}
