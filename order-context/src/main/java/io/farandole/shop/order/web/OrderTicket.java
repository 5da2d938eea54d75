package io.farandole.shop.order.web;

import io.farandole.shop.order.ordering.OrderPhase;
import io.farandole.shop.order.tracking.OrderStatus;

/** What a customer gets at once: which order, and where it stands now. */
record OrderTicket(String orderId, OrderStatus status) {

    static OrderTicket of(String orderId, OrderPhase phase) {
        return new OrderTicket(
                orderId,
                switch (phase) {
                    case PENDING -> OrderStatus.PENDING;
                    case CONFIRMED, FULFILLED -> OrderStatus.CONFIRMED;
                    case CANCELLED -> OrderStatus.CANCELLED;
                    case RETURNED -> OrderStatus.RETURNED;
                });
    }
}
