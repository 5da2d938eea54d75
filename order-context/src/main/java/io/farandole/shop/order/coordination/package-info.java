/**
 * The creation of an order once more, conducted: one saga has the list of steps, and calls stock and payment over HTTP, where {@code
 * fulfilment} follows their events. Off unless {@code shop.order.coordination.stock-url} and {@code .payment-url} are set.
 *
 * <p>A command makes an event of the {@link io.farandole.shop.order.coordination.CoordinatedOrder}; the saga {@link
 * io.farandole.shop.order.coordination.OrderCoordination} asks the participants by outside calls, with no transaction open; their answers
 * come back as commands. Nothing of it is published, so nobody dances to it.
 *
 * <pre>
 * step      done          refused               no answer in time
 * reserve   charge        cancelled, undo       cancelled, undo
 * charge    confirm       cancelled, undo       cancelled, undo
 * confirm   confirmed     cancelled, undo       asked again: it is paid
 * release   undone        again, then parked    again, then parked
 * refund    undone        again, then parked    again, then parked
 * </pre>
 *
 * <p>Undone is, in reverse order, what was done or may have been: the participants have the barrier, so what nobody has an answer to can
 * be cancelled before it comes. An answer that comes late changes nothing.
 */
@NullMarked
package io.farandole.shop.order.coordination;

import org.jspecify.annotations.NullMarked;
