package io.farandole.shop.stock.publishing;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.stock.inventory.QueueEvent;
import io.farandole.shop.stock.inventory.StockEvent;
import io.farandole.shop.stock.reservation.ReservationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stock context's events by name, and what of them becomes public. */
@Configuration(proxyBeanMethods = false)
public class StockLanguage {

    /**
     * The private events. A reservation's belong to the order's process, its return to the return's; what moves a product's
     * pieces belongs to the process that asked for it, also where another one has freed them; the turns of a product's queue to a
     * process of the product's own.
     */
    @Bean
    static EventTypes stockEvents() {
        return EventTypes.builder()
                .event("stock.goods-received", 1, StockEvent.GoodsReceived.class)
                .event("stock.pieces-reserved", 1, StockEvent.PiecesReserved.class, StockEvent.PiecesReserved::orderId)
                .event("stock.pieces-released", 1, StockEvent.PiecesReleased.class)
                .event("stock.pieces-sold", 1, StockEvent.PiecesSold.class)
                .event("stock.pieces-taken-back", 1, StockEvent.PiecesTakenBack.class)
                .event("stock.queue-joined", 1, QueueEvent.QueueJoined.class, QueueEvent.QueueJoined::orderId)
                .event("stock.queue-left", 1, QueueEvent.QueueLeft.class, QueueEvent.QueueLeft::orderId)
                .event("stock.turn-called", 1, QueueEvent.TurnCalled.class, StockLanguage::processOf)
                .event("stock.turn-ended", 1, QueueEvent.TurnEnded.class, StockLanguage::processOf)
                .event("stock.order-reserved", 1, ReservationEvent.OrderReserved.class, ReservationEvent::orderId)
                .event("stock.reservation-held", 1, ReservationEvent.ReservationHeld.class, ReservationEvent::orderId)
                .event("stock.hold-ended", 1, ReservationEvent.HoldEnded.class, ReservationEvent::orderId)
                .event("stock.delivery-noted", 1, ReservationEvent.DeliveryNoted.class, ReservationEvent::orderId)
                .event("stock.waiting-began", 1, ReservationEvent.WaitingBegan.class, ReservationEvent::orderId)
                .event("stock.waiting-served", 1, ReservationEvent.WaitingServed.class, ReservationEvent::orderId)
                .event("stock.waiting-refused", 1, ReservationEvent.WaitingRefused.class, ReservationEvent::orderId)
                .event(
                        "stock.reservation-rejected",
                        1,
                        ReservationEvent.ReservationRejected.class,
                        ReservationEvent::orderId)
                .event(
                        "stock.reservation-released",
                        1,
                        ReservationEvent.ReservationReleased.class,
                        ReservationEvent::orderId)
                .event("stock.reservation-sold", 1, ReservationEvent.ReservationSold.class, ReservationEvent::orderId)
                .event(
                        "stock.sale-returned",
                        1,
                        ReservationEvent.SaleReturned.class,
                        ReservationEvent.SaleReturned::returnId)
                .build();
    }

    /** A product may be called like an order, so its process is called otherwise. */
    private static String processOf(QueueEvent event) {
        return "product/" + event.productId();
    }

    /** The published language, as the registry knows it. */
    @Bean
    static EventTypes publishedEvents() {
        EventTypes.Builder builder = EventTypes.builder();
        PublishedLanguage.ENTRIES.forEach(entry -> add(builder, entry));
        return builder.build();
    }

    private static <T extends Record> void add(EventTypes.Builder builder, PublishedLanguage.Entry<T> entry) {
        builder.event(entry.name(), entry.version(), entry.type(), entry.processKey());
    }

    /** Who follows what, as the published language declares it. */
    @Bean
    static Followers followers() {
        Followers.Builder builder = Followers.builder();
        PublishedLanguage.ENTRIES.forEach(
                entry -> builder.add(new EventType(entry.name(), entry.version()), entry.followers()));
        return builder.build();
    }

    /** From the private form to the public one: that it is reserved, not how much of what. */
    @Bean
    static Publications stockPublications() {
        return Publications.builder()
                .publish(ReservationEvent.OrderReserved.class, event -> new StockReserved(event.orderId()))
                .publish(
                        ReservationEvent.ReservationRejected.class,
                        event -> new StockReservationRejected(event.orderId(), event.productId(), event.reason()))
                .publish(ReservationEvent.WaitingBegan.class, event -> new StockAwaited(event.orderId(), event.until()))
                .publish(ReservationEvent.WaitingServed.class, event -> new StockReserved(event.orderId()))
                .publish(
                        ReservationEvent.WaitingRefused.class,
                        event -> new StockReservationRejected(event.orderId(), event.productId(), event.reason()))
                .publish(ReservationEvent.ReservationReleased.class, event -> new StockReleased(event.orderId()))
                .publish(
                        ReservationEvent.SaleReturned.class,
                        event -> new StockReturned(event.returnId(), event.orderId()))
                .build();
    }
}
