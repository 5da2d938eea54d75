package io.farandole.bench.load;

/** Which product is ordered by which order. The same whenever it is asked; safe for use by several threads. */
@FunctionalInterface
public interface Demand {

    /** The index of the product, from 0, that the order of that number wants. */
    long product(long orderNumber);

    /** Every product in its turn, so that no two orders that are close want the same one. Equal if as many products. */
    static Demand inTurn(int products) {
        return new InTurn(products);
    }

    /** Nothing but that product. */
    static Demand only(long product) {
        return orderNumber -> product;
    }

    /**
     * The first product most, the others less and less: the n-th, from 1, is wanted in proportion to 1 / n^exponent. Orders are
     * independent of each other.
     *
     * @param products how many there are; 1 or more
     * @param exponent 0 wants all alike; not negative
     */
    static Demand zipf(int products, double exponent) {
        return new Zipf(products, exponent);
    }

    /** See {@link Demand#inTurn}. */
    record InTurn(int products) implements Demand {
        @Override
        public long product(long orderNumber) {
            return orderNumber % products;
        }
    }
}
