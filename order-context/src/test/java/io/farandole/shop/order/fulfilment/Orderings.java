package io.farandole.shop.order.fulfilment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every order in which things can come. */
final class Orderings {

    private Orderings() {}

    /** All permutations. */
    static <T> List<List<T>> of(List<T> things) {
        if (things.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            List<T> others = new ArrayList<>(things);
            T first = others.remove(i);
            for (List<T> rest : of(others)) {
                all.add(Stream.concat(Stream.of(first), rest.stream()).toList());
            }
        }
        return all;
    }

    /** All ways to merge two sequences, each of which keeps its own order: what two producers can do to a consumer. */
    static <T> List<List<T>> merges(List<T> one, List<T> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return List.of(Stream.concat(one.stream(), other.stream()).toList());
        }
        List<List<T>> all = new ArrayList<>();
        for (List<T> rest : merges(one.subList(1, one.size()), other)) {
            all.add(Stream.concat(Stream.of(one.get(0)), rest.stream()).toList());
        }
        for (List<T> rest : merges(one, other.subList(1, other.size()))) {
            all.add(Stream.concat(Stream.of(other.get(0)), rest.stream()).toList());
        }
        return all;
    }
}
