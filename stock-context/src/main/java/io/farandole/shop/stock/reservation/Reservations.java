package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.Inventory;
import io.farandole.shop.stock.inventory.Inventory.Lack;
import io.farandole.shop.stock.inventory.Inventory.Shortage;
import io.farandole.shop.stock.reservation.Reservation.State;
import io.farandole.shop.stock.reservation.ReservationCommand.NoteDelivery;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveOrAwait;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.Reserved;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationCommand.StopWaiting;
import io.farandole.shop.stock.reservation.ReservationCommand.TakeBackStock;
import io.farandole.shop.stock.reservation.ReservationEvent.DeliveryNoted;
import io.farandole.shop.stock.reservation.ReservationEvent.OrderReserved;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import io.farandole.shop.stock.reservation.ReservationEvent.SaleReturned;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingBegan;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
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
    private final WaitingList waitingList;

    Reservations(Repository<Reservation> reservations, Inventory inventory, WaitingList waitingList) {
        this.reservations = reservations;
        this.inventory = inventory;
        this.waitingList = waitingList;
    }

    @CommandHandler
    boolean reserve(ReserveStock command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (stateOf(reservation) == State.NONE) {
            Optional<Shortage> shortage = waitingList.reserve(command.orderId(), command.quantities());
            apply(
                    reservation,
                    shortage.<ReservationEvent>map(missing -> rejected(command, missing, missing.reason()))
                            .orElseGet(() -> new OrderReserved(command.orderId(), command.quantities())));
        }
        return stateOf(reservation) == State.RESERVED;
    }

    @CommandHandler
    Reserved reserveOrAwait(ReserveOrAwait command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (stateOf(reservation) == State.NONE) {
            Optional<Shortage> shortage = waitingList.reserve(command.orderId(), command.quantities());
            apply(
                    reservation,
                    shortage.map(missing -> waitingOrRejected(command, missing))
                            .orElseGet(() -> new OrderReserved(command.orderId(), command.quantities())));
        }
        return switch (stateOf(reservation)) {
            case RESERVED, SOLD -> Reserved.YES;
            case WAITING -> Reserved.NOT_YET;
            case NONE, REJECTED, RELEASED, RETURNED -> Reserved.NO;
        };
    }

    private ReservationEvent waitingOrRejected(ReserveOrAwait command, Shortage missing) {
        if (missing.lack() != Lack.HELD && missing.lack() != Lack.TURN_OF_OTHERS) {
            return rejected(command, missing, missing.reason());
        }
        if (!waitingList.join(command.orderId(), command.quantities())) {
            return rejected(command, missing, WaitingList.FULL);
        }
        return new WaitingBegan(command.orderId(), missing.productId(), command.quantities(), command.until());
    }

    private static ReservationRejected rejected(ReservationCommand command, Shortage missing, String reason) {
        return new ReservationRejected(command.orderId(), missing.productId(), reason);
    }

    @CommandHandler
    void stopWaiting(StopWaiting command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (stateOf(reservation) == State.WAITING) {
            waitingList.leave(command.orderId(), quantitiesOf(reservation));
            String lacking = reservation.invoke(Reservation::lacking);
            apply(reservation, new WaitingRefused(command.orderId(), lacking, WaitingList.TOO_LONG));
        }
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
        } else if (state == State.WAITING) {
            waitingList.leave(command.orderId(), quantitiesOf(reservation));
        }
        if (state == State.NONE || state == State.WAITING || state == State.RESERVED || state == State.SOLD) {
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
        } else if (state == State.WAITING) {
            waitingList.leave(command.orderId(), quantitiesOf(reservation));
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
