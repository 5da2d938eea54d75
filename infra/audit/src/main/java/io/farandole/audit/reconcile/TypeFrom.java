package io.farandole.audit.reconcile;

import java.util.Arrays;
import java.util.List;

/**
 * A wire type, from a position of the producer's journal on.
 *
 * @param type such as {@code order.order-placed.v1}
 * @param from the first position that counts
 */
public record TypeFrom(String type, long from) {

    /**
     * Reads {@code order.order-placed.v1@17,order.order-confirmed.v1@23}.
     *
     * @throws IllegalArgumentException if it is written otherwise
     */
    public static List<TypeFrom> parse(String text) {
        return Arrays.stream(text.split(",", -1)).map(TypeFrom::one).toList();
    }

    private static TypeFrom one(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || !text.substring(at + 1).matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no type with a position; they look like order.order-placed.v1@17");
        }
        return new TypeFrom(text.substring(0, at), Long.parseLong(text.substring(at + 1)));
    }
}
