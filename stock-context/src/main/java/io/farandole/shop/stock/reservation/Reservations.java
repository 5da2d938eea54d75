package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.Inventory;
import io.farandole.shop.stock.reservation.Reservation.State;
import io.farandole.shop.stock.reservation.ReservationCommand.NoteDelivery;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationCommand.TakeBackStock;
import io.farandole.shop.stock.reservation.ReservationEvent.DeliveryNoted;
import io.farandole.shop.stock.reservation.ReservationEvent.OrderReserved;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import io.farandole.shop.stock.reservation.ReservationEvent.SaleReturned;
import java.util.Optional;
import java.util.SortedMap;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Moves an order's goods and its reservation together, in one unit of work: the reservation says what has been done, so
 * nothing is done twice, and nothing that is not done is undone.
 */
@Component
class Reservations {

    private final Repository<Reservation> reservations;
    private final Inventory inventory;

    Reservations(Repository<Reservation> reservations, Inventory inventory) {
        this.reservations = reservations;
        this.inventory = inventory;
    }

    @CommandHandler
    boolean reserve(ReserveStock command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (stateOf(reservation) == State.NONE) {
            Optional<Inventory.Shortage> shortage = inventory.reserve(command.orderId(), command.quantities());
            apply(
                    reservation,
                    shortage.<ReservationEvent>map(missing ->
                                    new ReservationRejected(command.orderId(), missing.productId(), missing.reason()))
                            .orElseGet(() -> new OrderReserved(command.orderId(), command.quantities())));
        }
        return stateOf(reservation) == State.RESERVED;
    }

    /** Once; and not for what will not be sent. */
    @CommandHandler
    void noteDelivery(NoteDelivery command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        State state = stateOf(reservation);
        if ((state == State.RESERVED || state == State.SOLD) && !reservation.invoke(Reservation::deliveryNoted)) {
            apply(reservation, new DeliveryNoted(command.orderId(), command.deliverTo()));
        }
    }

    /** An order that was cancelled before it was reserved leaves a tombstone: its reservation is released for ever. */
    @CommandHandler
    void release(ReleaseStock command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        State state = stateOf(reservation);
        if (state == State.RESERVED) {
            inventory.release(command.orderId(), quantitiesOf(reservation));
        } else if (state == State.SOLD) {
            inventory.takeBack(command.orderId(), quantitiesOf(reservation));
        }
        if (state == State.NONE || state == State.RESERVED || state == State.SOLD) {
            apply(reservation, new ReservationReleased(command.orderId()));
        }
    }

    @CommandHandler
    void sell(SellStock command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (stateOf(reservation) == State.RESERVED) {
            inventory.sell(command.orderId(), quantitiesOf(reservation));
            apply(reservation, new ReservationSold(command.orderId()));
        }
    }

    /** Whatever the state, a return is answered once: it waits for stock's word. */
    @CommandHandler
    void takeBack(TakeBackStock command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        State state = stateOf(reservation);
        if (state == State.RETURNED) {
            return;
        }
        if (state == State.SOLD) {
            inventory.takeBack(command.orderId(), quantitiesOf(reservation));
        } else if (state == State.RESERVED) {
            // The return was faster than the sale: it is the same goods, and the sale will find nothing to sell.
            inventory.release(command.orderId(), quantitiesOf(reservation));
        }
        apply(reservation, new SaleReturned(command.orderId(), command.returnId()));
    }

    private Aggregate<Reservation> of(ReservationCommand command) throws Exception {
        return reservations.loadOrCreate(Reservation.idOf(command.orderId()), Reservation::new);
    }

    private static State stateOf(Aggregate<Reservation> reservation) {
        return reservation.invoke(Reservation::state);
    }

    private static SortedMap<String, Long> quantitiesOf(Aggregate<Reservation> reservation) {
        return reservation.invoke(Reservation::quantities);
    }

    private static void apply(Aggregate<Reservation> reservation, ReservationEvent event) {
        reservation.execute(one -> one.apply(event));
    }
}
