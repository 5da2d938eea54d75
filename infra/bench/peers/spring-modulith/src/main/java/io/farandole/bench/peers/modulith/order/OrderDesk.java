package io.farandole.bench.peers.modulith.order;

import io.farandole.bench.peers.modulith.Completion;
import io.farandole.bench.peers.modulith.Inbox;
import io.farandole.bench.peers.modulith.payment.PaymentCaptured;
import io.farandole.bench.peers.modulith.payment.PaymentDeclined;
import io.farandole.bench.peers.modulith.stock.StockReservationRejected;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Takes orders, and decides them by what is heard of stock and payment. */
@Component
@RabbitListener(queues = "order.inbox")
public class OrderDesk {

    private final EntityManager entities;
    private final ApplicationEventPublisher events;
    private final Inbox inbox;
    private final Completion completion;

    OrderDesk(EntityManager entities, ApplicationEventPublisher events, Inbox inbox, Completion completion) {
        this.entities = entities;
        this.events = events;
        this.inbox = inbox;
        this.completion = completion;
    }

    /** Places an order. */
    @Transactional
    public void place(OrderPlaced order) {
        entities.persist(new PurchaseOrder(
                order.orderId(), order.customerId(), order.productId(), order.quantity(), order.amountMinor()));
        events.publishEvent(order);
    }

    /** Confirms an order that is paid. */
    @RabbitHandler
    @Transactional
    public void on(PaymentCaptured event) {
        if (inbox.isNew(PaymentCaptured.class, event.orderId()) && decide(event.orderId(), "confirmed")) {
            events.publishEvent(new OrderConfirmed(event.orderId()));
            completion.completeAfterCommit(event.orderId(), true);
        }
    }

    /** Cancels an order that isn't. */
    @RabbitHandler
    @Transactional
    public void on(PaymentDeclined event) {
        if (inbox.isNew(PaymentDeclined.class, event.orderId())) {
            cancel(event.orderId(), event.reason());
        }
    }

    /** Cancels an order that can't be fulfilled. */
    @RabbitHandler
    @Transactional
    public void on(StockReservationRejected event) {
        if (inbox.isNew(StockReservationRejected.class, event.orderId())) {
            cancel(event.orderId(), event.reason());
        }
    }

    private void cancel(String orderId, String reason) {
        if (decide(orderId, "cancelled")) {
            events.publishEvent(new OrderCancelled(orderId, reason));
            completion.completeAfterCommit(orderId, false);
        }
    }

    private boolean decide(String orderId, String end) {
        PurchaseOrder order = entities.find(PurchaseOrder.class, orderId, LockModeType.PESSIMISTIC_WRITE);
        if (order == null) {
            throw new IllegalStateException("Order " + orderId + " isn't known");
        }
        return order.decide(end);
    }
}
