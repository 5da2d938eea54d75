package io.farandole.shop.stock.reservation;

import io.farandole.saga.barrier.Barrier.Compensation;
import io.farandole.saga.barrier.Barrier.Forward;

/** The barrier in front of the step "reserve" of each order; joins the step's transaction. */
interface ReservationGuard {

    /** Passes the reservation of an order. */
    Forward forward(String orderId);

    /** Passes its release. */
    Compensation compensate(String orderId);
}
