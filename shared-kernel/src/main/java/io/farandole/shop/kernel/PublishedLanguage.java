package io.farandole.shop.kernel;

import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The published language as a table: each event's wire type, class, process key and followers. Producers, consumers and
 * the broker's bindings are all checked against it.
 */
public final class PublishedLanguage {

    private static final String ORDER = "order";
    private static final String STOCK = "stock";
    private static final String PAYMENT = "payment";

    /** Every event that crosses a context's border. */
    public static final List<Entry<?>> ENTRIES = List.of(
            entry("order.waiting-accepted", WaitingAccepted.class, WaitingAccepted::orderId, STOCK),
            entry("order.order-placed", OrderPlaced.class, OrderPlaced::orderId, STOCK),
            entry("order.delivery-requested", DeliveryRequested.class, DeliveryRequested::orderId, STOCK),
            entry("order.payment-requested", PaymentRequested.class, PaymentRequested::orderId, PAYMENT),
            entry("order.order-confirmed", OrderConfirmed.class, OrderConfirmed::orderId, STOCK, PAYMENT),
            entry("order.order-cancelled", OrderCancelled.class, OrderCancelled::orderId, STOCK, PAYMENT),
            entry("order.order-returned", OrderReturned.class, OrderReturned::returnId, STOCK, PAYMENT),
            entry("stock.stock-awaited", StockAwaited.class, StockAwaited::orderId, ORDER),
            entry("stock.stock-reserved", StockReserved.class, StockReserved::orderId, ORDER, PAYMENT),
            entry(
                    "stock.stock-reservation-rejected",
                    StockReservationRejected.class,
                    StockReservationRejected::orderId,
                    ORDER),
            entry("stock.stock-released", StockReleased.class, StockReleased::orderId, ORDER),
            entry("stock.stock-returned", StockReturned.class, StockReturned::returnId, ORDER),
            entry("payment.payment-authorized", PaymentAuthorized.class, PaymentAuthorized::orderId, ORDER),
            entry("payment.payment-declined", PaymentDeclined.class, PaymentDeclined::orderId, ORDER),
            entry("payment.payment-captured", PaymentCaptured.class, PaymentCaptured::orderId, ORDER, STOCK),
            entry("payment.payment-capture-failed", PaymentCaptureFailed.class, PaymentCaptureFailed::orderId, ORDER),
            entry("payment.payment-voided", PaymentVoided.class, PaymentVoided::orderId, ORDER),
            entry("payment.payment-refunded", PaymentRefunded.class, PublishedLanguage::refundProcess, ORDER));

    private PublishedLanguage() {}

    private static String refundProcess(PaymentRefunded refunded) {
        String returnId = refunded.returnId();
        return returnId == null ? refunded.orderId() : returnId;
    }

    private static <T extends Record> Entry<T> entry(
            String name, Class<T> type, Function<T, String> processKey, String... followers) {
        return new Entry<>(name, 1, type, processKey, Set.of(followers));
    }

    /**
     * One published event.
     *
     * @param name context and event, {@code order.order-placed}
     * @param version of its schema
     * @param type the record that holds it
     * @param processKey the process that an instance belongs to
     * @param followers the contexts that bind to it
     */
    public record Entry<T extends Record>(
            String name, int version, Class<T> type, Function<T, String> processKey, Set<String> followers) {

        /** The wire type, {@code order.order-placed.v1}. */
        public String wireType() {
            return name + ".v" + version;
        }
    }
}
