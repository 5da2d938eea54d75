package io.farandole.bench.peers.modulith.stock;

import io.farandole.bench.peers.modulith.Inbox;
import io.farandole.bench.peers.modulith.order.OrderCancelled;
import io.farandole.bench.peers.modulith.order.OrderConfirmed;
import io.farandole.bench.peers.modulith.order.OrderPlaced;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Holds pieces for orders that are placed, sells or releases them once they are decided. */
@Component
@RabbitListener(queues = "stock.inbox")
public class Shelves {

    private final EntityManager entities;
    private final ApplicationEventPublisher events;
    private final Inbox inbox;

    Shelves(EntityManager entities, ApplicationEventPublisher events, Inbox inbox) {
        this.entities = entities;
        this.events = events;
        this.inbox = inbox;
    }

    /** Holds the pieces of an order, if there are enough. */
    @RabbitHandler
    @Transactional
    public void on(OrderPlaced order) {
        if (!inbox.isNew(OrderPlaced.class, order.orderId())) {
            return;
        }
        StockItem item = entities.find(StockItem.class, order.productId(), LockModeType.PESSIMISTIC_WRITE);
        if (item != null && item.reserve(order.quantity())) {
            entities.persist(new Reservation(order.orderId(), order.productId(), order.quantity()));
            events.publishEvent(new StockReserved(order.orderId(), order.productId(), order.quantity()));
        } else {
            events.publishEvent(
                    new StockReservationRejected(order.orderId(), order.productId(), "insufficient-stock"));
        }
    }

    /** Sells what was held. */
    @RabbitHandler
    @Transactional
    public void on(OrderConfirmed event) {
        if (inbox.isNew(OrderConfirmed.class, event.orderId())) {
            Reservation held = entities.find(Reservation.class, event.orderId());
            if (held != null && held.end("sold")) {
                item(held).sell(held.quantity());
            }
        }
    }

    /** Puts back what was held, if anything was. */
    @RabbitHandler
    @Transactional
    public void on(OrderCancelled event) {
        if (inbox.isNew(OrderCancelled.class, event.orderId())) {
            Reservation held = entities.find(Reservation.class, event.orderId());
            if (held != null && held.end("released")) {
                item(held).release(held.quantity());
            }
        }
    }

    private StockItem item(Reservation held) {
        return entities.find(StockItem.class, held.productId(), LockModeType.PESSIMISTIC_WRITE);
    }
}
