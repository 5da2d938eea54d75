package io.farandole.bench.load;

/**
 * An order of the workload: one piece of one product at {@value #PRICE_MINOR} cents.
 *
 * @param number its number, from 0
 * @param customerId who orders
 * @param productId what is ordered
 * @param declined whether the payment provider is to decline the charge
 */
public record OrderSpec(long number, String customerId, String productId, boolean declined) {

    /** Pieces that are ordered. */
    public static final int QUANTITY = 1;

    /** The price of the order, in cents of {@link #CURRENCY}. */
    public static final long PRICE_MINOR = 990;

    /** The currency of every order. */
    public static final String CURRENCY = "EUR";
}
