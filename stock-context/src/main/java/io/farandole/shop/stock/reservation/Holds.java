package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.Inventory;
import io.farandole.shop.stock.reservation.Hold.Phase;
import io.farandole.shop.stock.reservation.HoldCommand.CancelHold;
import io.farandole.shop.stock.reservation.HoldCommand.ConfirmHold;
import io.farandole.shop.stock.reservation.HoldCommand.ExpireHold;
import io.farandole.shop.stock.reservation.HoldCommand.ShowHold;
import io.farandole.shop.stock.reservation.HoldCommand.TryHold;
import io.farandole.shop.stock.reservation.ReservationEvent.HoldEnded;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationHeld;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import java.time.Clock;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Moves reservations for callers, where {@link Reservations} moves them for orders' events: goods and reservation together, in one
 * unit of work. What follows an order is neither confirmed nor cancelled by a caller: the order would not know.
 */
@Component
class Holds {

    private final Repository<Reservation> reservations;
    private final Inventory inventory;
    private final WaitingList waitingList;
    private final ReservationSettings settings;
    private final Clock clock;

    Holds(
            Repository<Reservation> reservations,
            Inventory inventory,
            WaitingList waitingList,
            ReservationSettings settings,
            Clock clock) {
        this.reservations = reservations;
        this.inventory = inventory;
        this.waitingList = waitingList;
        this.settings = settings;
        this.clock = clock;
    }

    @CommandHandler
    HoldAnswer handle(TryHold command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (hold(command, reservation).phase() == Phase.UNKNOWN) {
            Optional<Inventory.Shortage> shortage = waitingList.reserve(command.reservationId(), command.quantities());
            apply(
                    reservation,
                    shortage.<ReservationEvent>map(missing -> new ReservationRejected(
                                    command.reservationId(), missing.productId(), missing.reason()))
                            .orElseGet(() -> new ReservationHeld(
                                    command.reservationId(),
                                    command.quantities(),
                                    clock.instant().plus(settings.reservationExpiry()))));
        }
        return HoldAnswer.toTry(hold(command, reservation), command.quantities());
    }

    @CommandHandler
    HoldAnswer handle(ConfirmHold command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (hold(command, reservation).phase() == Phase.HELD) {
            inventory.sell(command.reservationId(), reservation.invoke(Reservation::quantities));
            apply(reservation, new ReservationSold(command.reservationId()));
            apply(reservation, new HoldEnded(command.reservationId(), HoldEnd.CONFIRMED));
        }
        return HoldAnswer.toConfirm(hold(command, reservation));
    }

    /** What was cancelled before it was tried leaves a tombstone: its reservation is released for ever. */
    @CommandHandler
    HoldAnswer handle(CancelHold command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        Phase phase = hold(command, reservation).phase();
        if (phase == Phase.HELD) {
            release(command, reservation, HoldEnd.CANCELLED);
        } else if (phase == Phase.UNKNOWN) {
            apply(reservation, new ReservationReleased(command.reservationId()));
        }
        return HoldAnswer.toCancel(hold(command, reservation));
    }

    @CommandHandler
    HoldAnswer handle(ExpireHold command) throws Exception {
        Aggregate<Reservation> reservation = of(command);
        if (hold(command, reservation).phase() == Phase.HELD) {
            release(command, reservation, HoldEnd.EXPIRED);
        }
        return new HoldAnswer(hold(command, reservation), null);
    }

    @CommandHandler
    Optional<Hold> handle(ShowHold command) {
        try {
            Aggregate<Reservation> reservation = reservations.load(Reservation.idOf(command.reservationId()));
            return Optional.of(hold(command, reservation));
        } catch (AggregateNotFoundException e) {
            return Optional.empty();
        }
    }

    private void release(HoldCommand command, Aggregate<Reservation> reservation, HoldEnd end) {
        inventory.release(command.reservationId(), reservation.invoke(Reservation::quantities));
        apply(reservation, new ReservationReleased(command.reservationId()));
        apply(reservation, new HoldEnded(command.reservationId(), end));
    }

    private Aggregate<Reservation> of(HoldCommand command) throws Exception {
        return reservations.loadOrCreate(Reservation.idOf(command.reservationId()), Reservation::new);
    }

    private static Hold hold(HoldCommand command, Aggregate<Reservation> reservation) {
        return reservation.invoke(one -> one.hold(command.reservationId()));
    }

    private static void apply(Aggregate<Reservation> reservation, ReservationEvent event) {
        reservation.execute(one -> one.apply(event));
    }
}
