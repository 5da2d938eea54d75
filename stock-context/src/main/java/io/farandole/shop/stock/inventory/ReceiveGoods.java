package io.farandole.shop.stock.inventory;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Goods came in; the first of a product make it known. Answers with the {@link StockLevel} afterwards, or with nothing
 * ({@code null}) if that would be more than {@link StockLevel#MOST}: then nothing has changed.
 *
 * @param quantity 1 or more
 */
public record ReceiveGoods(@TargetAggregateIdentifier String productId, long quantity) {

    /**
     * @throws IllegalArgumentException if there is nothing to receive
     */
    public ReceiveGoods {
        if (quantity < 1) {
            throw new IllegalArgumentException("A receipt is of one piece or more, not " + quantity);
        }
    }
}
