package io.farandole.bench.peers.modulith.payment;

import io.farandole.bench.peers.modulith.Inbox;
import io.farandole.bench.peers.modulith.order.OrderPlaced;
import io.farandole.bench.peers.modulith.stock.StockReserved;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Collects the money once an order is known and its pieces are held. */
@Component
@RabbitListener(queues = "payment.inbox")
public class Cashier {

    private final EntityManager entities;
    private final JdbcTemplate jdbc;
    private final ApplicationEventPublisher events;
    private final Inbox inbox;
    private final PaymentProvider provider;

    Cashier(
            EntityManager entities,
            JdbcTemplate jdbc,
            ApplicationEventPublisher events,
            Inbox inbox,
            PaymentProvider provider) {
        this.entities = entities;
        this.jdbc = jdbc;
        this.events = events;
        this.inbox = inbox;
        this.provider = provider;
    }

    /** Notes what is to be paid. */
    @RabbitHandler
    @Transactional
    public void on(OrderPlaced order) {
        if (inbox.isNew(OrderPlaced.class, order.orderId())) {
            Payment payment = payment(order.orderId());
            payment.order(order.amountMinor(), order.currency(), order.paymentToken());
            collectIfDue(payment);
        }
    }

    /** Notes that the pieces are held. */
    @RabbitHandler
    @Transactional
    public void on(StockReserved event) {
        if (inbox.isNew(StockReserved.class, event.orderId())) {
            Payment payment = payment(event.orderId());
            payment.reserved();
            collectIfDue(payment);
        }
    }

    /** The row is made by whoever comes first; the lock makes the second see what the first has noted. */
    private Payment payment(String orderId) {
        jdbc.update(
                "insert into payment (order_id, amount_minor, reserved, status, authorised_minor, captured_minor)"
                        + " values (?, 0, false, 'waiting', 0, 0) on conflict do nothing",
                orderId);
        return entities.find(Payment.class, orderId, LockModeType.PESSIMISTIC_WRITE);
    }

    private void collectIfDue(Payment payment) {
        if (!payment.isDue()) {
            return;
        }
        if (provider.authorize(payment.orderId(), payment.amountMinor(), payment.token())) {
            provider.capture(payment.orderId(), payment.amountMinor());
            payment.captured();
            events.publishEvent(new PaymentCaptured(payment.orderId(), payment.amountMinor(), payment.currency()));
        } else {
            payment.declined();
            events.publishEvent(new PaymentDeclined(payment.orderId(), "declined"));
        }
    }
}
