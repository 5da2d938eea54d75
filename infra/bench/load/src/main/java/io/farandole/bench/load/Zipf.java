package io.farandole.bench.load;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws products by Zipf's law; the draw of an order follows from its number alone. Immutable. */
final class Zipf implements Demand {

    private final double exponent;

    /** How much of the demand the products up to an index take together; the last one takes all. */
    private final double[] upTo;

    Zipf(int products, double exponent) {
        if (products < 1 || exponent < 0) {
            throw new IllegalArgumentException(
                    "Zipf's law takes one product at least and an exponent that is not negative," + " not " + products
                            + " and " + exponent);
        }
        this.exponent = exponent;
        upTo = new double[products];
        double sum = 0;
        for (int i = 0; i < products; i++) {
            sum += Math.pow(i + 1, -exponent);
            upTo[i] = sum;
        }
        for (int i = 0; i < products; i++) {
            upTo[i] /= sum;
        }
    }

    @Override
    public long product(long orderNumber) {
        // A generator per order: its first number is a hash of the order's.
        int found = Arrays.binarySearch(upTo, new SplittableRandom(orderNumber).nextDouble());
        return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
    }

    /** How much of the demand that product takes, from 0 to 1. */
    double share(int product) {
        return upTo[product] - (product == 0 ? 0 : upTo[product - 1]);
    }

    @Override
    public String toString() {
        return "Zipf[" + upTo.length + ", " + exponent + "]";
    }
}
