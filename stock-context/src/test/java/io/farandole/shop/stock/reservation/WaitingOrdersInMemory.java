package io.farandole.shop.stock.reservation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** The orders that wait, in memory. */
final class WaitingOrdersInMemory implements WaitingOrders {

    private record Row(String productId, long place, String orderId, long quantity) {}

    private final List<Row> rows = new ArrayList<>();
    private long places;

    int size() {
        return rows.size();
    }

    @Override
    public void add(String orderId, SortedMap<String, Long> quantities) {
        places++;
        quantities.forEach((productId, quantity) -> rows.add(new Row(productId, places, orderId, quantity)));
    }

    @Override
    public void remove(Collection<String> orderIds) {
        rows.removeIf(row -> orderIds.contains(row.orderId()));
    }

    @Override
    public List<Waiting> fitting(String productId, long pieces, long after, int most) {
        return rows.stream()
                .filter(row -> row.productId().equals(productId) && row.quantity() <= pieces && row.place() > after)
                .limit(most)
                .map(row -> new Waiting(row.orderId(), row.place()))
                .toList();
    }

    @Override
    public List<Waiting> beyond(String productId, long pieces, int most) {
        return rows.stream()
                .filter(row -> row.productId().equals(productId) && row.quantity() > pieces)
                .limit(most)
                .map(row -> new Waiting(row.orderId(), row.place()))
                .toList();
    }
}
