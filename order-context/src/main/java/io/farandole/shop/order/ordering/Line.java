package io.farandole.shop.order.ordering;

import io.farandole.shop.kernel.Money;

/**
 * One line of an order.
 *
 * @param quantity 1 or more
 */
public record Line(String productId, long quantity, Money unitPrice) {

    /**
     * What the line costs.
     *
     * @throws ArithmeticException if it does not fit 64 bits
     */
    public Money price() {
        return unitPrice.times(quantity);
    }
}
