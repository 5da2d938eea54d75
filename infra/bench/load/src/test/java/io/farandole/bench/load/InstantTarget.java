package io.farandole.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Completes every order at once and keeps books. */
class InstantTarget implements LoadTarget {

    final List<OrderSpec> placed = new ArrayList<>();
    boolean closed;

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        placed.add(order);
        return CompletableFuture.completedFuture(!order.declined());
    }

    @Override
    public Books books() {
        long confirmed = placed.stream().filter(order -> !order.declined()).count();
        long received = 10 * Workload.PIECES;
        return new Books(
                confirmed,
                placed.size() - confirmed,
                0,
                received,
                received - confirmed,
                0,
                confirmed,
                990 * confirmed,
                0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
