package io.farandole.shop.stock.reservation;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * The orders that wait, by product, in the order in which they came: an index over the reservations that are {@code WAITING}, so that
 * finding who is next does not take longer the more they are. Joins the caller's transaction, and shows what it has done in it.
 */
interface WaitingOrders {

    /**
     * An order that waits for a product.
     *
     * @param place in the order of arrival; one for all products of an order
     */
    record Waiting(String orderId, long place) {}

    /** An order comes last in the queue of each of these products. */
    void add(String orderId, SortedMap<String, Long> quantities);

    /** Orders leave all queues; those that are in none do no harm. */
    void remove(Collection<String> orderIds);

    /**
     * Those who want no more of a product than there is, in the order of their coming.
     *
     * @param pieces how many there are
     * @param after only those who came later; 0 from the first on
     * @param most how many are told
     */
    List<Waiting> fitting(String productId, long pieces, long after, int most);

    /**
     * Those who want more of a product than may still be had, in any order.
     *
     * @param pieces how many may still be had
     * @param most how many are told
     */
    List<Waiting> beyond(String productId, long pieces, int most);
}
