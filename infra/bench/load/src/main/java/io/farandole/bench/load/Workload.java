package io.farandole.bench.load;

/**
 * The orders that every contender is given: where nothing else is said, of a hundred in a row the first
 * {@value #DECLINED_OF_HUNDRED} are declined, customers and products go round. Every product starts with {@value #PIECES} pieces,
 * so none runs out.
 *
 * @param items how many products there are
 * @param demand which order wants which of them
 * @param declinedOfHundred how many payments of a hundred are declined
 */
public record Workload(int items, Demand demand, int declinedOfHundred) {

    /** How many products there are where nothing else is said. */
    public static final int ITEMS = 10_000;

    /** How many customers there are. */
    public static final int CUSTOMERS = 1_000;

    /** How many pieces of each product are on the shelf at the beginning. */
    public static final long PIECES = 1_000_000;

    /** How many payments of a hundred are declined where nothing else is said. */
    public static final int DECLINED_OF_HUNDRED = 5;

    public Workload {
        if (items < 1) {
            throw new IllegalArgumentException("A workload needs one item at least, not " + items);
        }
        if (declinedOfHundred < 0 || declinedOfHundred > 100) {
            throw new IllegalArgumentException("Of a hundred payments 0 to 100 are declined, not " + declinedOfHundred);
        }
    }

    /** Products go round. */
    public Workload(int items) {
        this(items, Demand.inTurn(Math.max(1, items)), DECLINED_OF_HUNDRED);
    }

    /** The same with another demand. */
    public Workload wanting(Demand other) {
        return new Workload(items, other, declinedOfHundred);
    }

    /** The same with so many of a hundred payments declined. */
    public Workload declining(int ofHundred) {
        return new Workload(items, demand, ofHundred);
    }

    /** The order of that number, from 0; the same whenever it is asked for. */
    public OrderSpec order(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("Orders are numbered from 0, there is no " + number);
        }
        return new OrderSpec(number, "c-" + number % CUSTOMERS, productId(demand.product(number)), isDeclined(number));
    }

    /** The id of the product at that index, from 0. */
    public String productId(long index) {
        return "p-" + index;
    }

    /** How many of so many orders, from the first number on, are declined. */
    public long declined(long firstNumber, long orders) {
        return declinedBefore(firstNumber + orders) - declinedBefore(firstNumber);
    }

    /** How many pieces of all products are on the shelves at the beginning. */
    public long pieces() {
        return items * PIECES;
    }

    private boolean isDeclined(long number) {
        return number % 100 < declinedOfHundred;
    }

    private long declinedBefore(long number) {
        return number / 100 * declinedOfHundred + Math.min(number % 100, declinedOfHundred);
    }
}
