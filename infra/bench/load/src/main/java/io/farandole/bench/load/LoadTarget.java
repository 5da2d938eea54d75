package io.farandole.bench.load;

import java.util.concurrent.CompletionStage;

/**
 * What a contender offers: to take orders, and to show its books afterwards. Closing it lets go of what it holds.
 *
 * <p>{@link #place} is called from one thread, many times before the first order is complete. Stages may complete on any thread.
 */
public interface LoadTarget extends AutoCloseable {

    /**
     * Places an order. The stage completes when its end is durable in the order database: true for confirmed, false for
     * cancelled; exceptionally where the order was refused or its end will never be known.
     */
    CompletionStage<Boolean> place(OrderSpec order);

    /**
     * The books, read from the contender's tables once everything that the orders have set off is done; it waits for that,
     * with a bound of its own.
     */
    Books books() throws Exception;

    /** Ends what it has started; an unchecked exception if that fails. */
    @Override
    void close();
}
