package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.Inventory;
import io.farandole.shop.stock.inventory.Inventory.Lack;
import io.farandole.shop.stock.inventory.Inventory.Shortage;
import io.farandole.shop.stock.reservation.Reservation.State;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingServed;
import io.farandole.shop.stock.reservation.WaitingOrders.Waiting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Orders that wait for goods which are held for others and not paid yet.
 *
 * <p>Who waits holds nothing. When pieces of a product are free, its queue is gone through in the order of arrival, and whoever's whole
 * order can be reserved gets it; who needs more than there is, or another product that is not there, is passed over and stays where it is. So
 * no two orders wait for each other, and no piece lies idle that somebody could have. Who wants more than can still come, for it is sold, is
 * refused.
 *
 * <p>A turn does at most {@link #MOST} of these, and calls another one if there is more to do: so a queue of thousands is not
 * one transaction.
 */
@Component
class WaitingList {

    /** Why an order is rejected that would wait: too many do. */
    static final String FULL = "waiting-list-full";

    /** Why an order is rejected that has waited: so much cannot come any more. */
    static final String SOLD_OUT = "sold-out";

    /** Why an order is rejected that has waited: its time is over. */
    static final String TOO_LONG = "waited-too-long";

    /** How many orders are served or refused in a turn. */
    static final int MOST = 100;

    private final Repository<Reservation> reservations;
    private final Inventory inventory;
    private final WaitingOrders orders;
    private final WaitingListSettings settings;

    WaitingList(
            Repository<Reservation> reservations,
            Inventory inventory,
            WaitingOrders orders,
            WaitingListSettings settings) {
        this.reservations = reservations;
        this.inventory = inventory;
        this.orders = orders;
        this.settings = settings;
    }

    /** Reserves for an order that comes now. Whoever waits goes first, for what there is may be theirs. */
    Optional<Shortage> reserve(String orderId, SortedMap<String, Long> quantities) {
        Set<String> turns = new HashSet<>();
        Optional<Shortage> shortage = inventory.reserve(orderId, quantities);
        while (shortage.isPresent()
                && shortage.get().lack() == Lack.TURN_OF_OTHERS
                && turns.add(shortage.get().productId())) {
            takeTurn(new TakeTurn(shortage.get().productId()));
            shortage = inventory.reserve(orderId, quantities);
        }
        return shortage;
    }

    /** An order begins to wait, unless too many do for one of its products; answers whether it does. */
    boolean join(String orderId, SortedMap<String, Long> quantities) {
        for (String productId : quantities.keySet()) {
            if (inventory.waitingFor(productId) >= settings.maxLength()) {
                return false;
            }
        }
        orders.add(orderId, quantities);
        inventory.join(orderId, quantities.keySet());
        return true;
    }

    /** An order that waits does so no more. */
    void leave(String orderId, SortedMap<String, Long> quantities) {
        orders.remove(List.of(orderId));
        inventory.leave(orderId, quantities.keySet());
    }

    /** Whoever comes meanwhile may have taken the turn already. */
    @CommandHandler
    void takeTurn(TakeTurn command) {
        String productId = command.productId();
        if (!inventory.isTurnCalled(productId)) {
            return;
        }
        int served = serve(productId);
        int refused = refuse(productId, MOST - served);
        if (served + refused < MOST) {
            inventory.endTurn(productId);
        } else {
            inventory.callTurnAgain(productId);
        }
    }

    private int serve(String productId) {
        List<String> left = new ArrayList<>();
        List<Waiting> page;
        long after = 0;
        do {
            long available = inventory.levelOf(productId).available();
            page = available == 0 ? List.of() : orders.fitting(productId, available, after, MOST - left.size());
            for (Waiting next : page) {
                after = next.place();
                Aggregate<Reservation> reservation = reservations.load(Reservation.idOf(next.orderId()));
                if (!isWaiting(reservation) || serve(next.orderId(), reservation, productId)) {
                    left.add(next.orderId());
                }
            }
        } while (!page.isEmpty() && left.size() < MOST);
        orders.remove(left);
        return left.size();
    }

    private boolean serve(String orderId, Aggregate<Reservation> reservation, String productId) {
        SortedMap<String, Long> quantities = reservation.invoke(Reservation::quantities);
        if (inventory.reserveInTurn(orderId, quantities, productId).isPresent()) {
            return false;
        }
        inventory.leave(orderId, quantities.keySet());
        reservation.execute(one -> one.apply(new WaitingServed(orderId, quantities)));
        return true;
    }

    private int refuse(String productId, int most) {
        if (most == 0) {
            return 0;
        }
        long mayCome = inventory.levelOf(productId).mayCome();
        List<String> left = orders.beyond(productId, mayCome, most).stream()
                .map(Waiting::orderId)
                .toList();
        for (String orderId : left) {
            Aggregate<Reservation> reservation = reservations.load(Reservation.idOf(orderId));
            if (isWaiting(reservation)) {
                inventory.leave(
                        orderId, reservation.invoke(Reservation::quantities).keySet());
                reservation.execute(one -> one.apply(new WaitingRefused(orderId, productId, SOLD_OUT)));
            }
        }
        orders.remove(left);
        return left.size();
    }

    /**
     * The reservation has the last word. Index and reservation change in one transaction; a row of an order that waits no more is one that
     * another instance has just served, and then this transaction meets a conflict over the product, or somebody's, and then it goes.
     */
    private static boolean isWaiting(Aggregate<Reservation> reservation) {
        return reservation.invoke(Reservation::state) == State.WAITING;
    }
}
