package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.Sources.LedgerBalance;
import io.farandole.acceptance.checker.Sources.PaymentBalance;
import io.farandole.acceptance.checker.Sources.ProductBalance;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Three journals as a faultless shop would leave them, with every kind of story; tests then break them. */
final class SyntheticShop {

    static final String PRODUCT = "p-1";
    private static final long QUANTITY = 2;
    private static final Money PRICE = new Money(990, "EUR");
    private static final Money TOTAL = PRICE.times(QUANTITY);
    private static final JsonMapper JSON = new JsonMapper();

    final Map<String, List<JournalRow>> journals = new LinkedHashMap<>();
    final Set<String> accepted = new LinkedHashSet<>();
    final Map<String, String> orders = new LinkedHashMap<>();
    final List<ProductBalance> products = new ArrayList<>();
    final List<PaymentBalance> payments = new ArrayList<>();
    final List<LedgerBalance> ledger = new ArrayList<>();
    final List<Sources.OpenWork> open = new ArrayList<>();
    private final Map<String, Long> sequences = new LinkedHashMap<>();

    SyntheticShop() {
        for (String context : List.of("order", "stock", "payment")) {
            journals.put(context, new ArrayList<>());
        }
        piece("stock.goods-received", "{\"productId\":\"p-1\",\"quantity\":10}", PRODUCT, null);
        sale("sale-1");
        declined("declined");
        rejected("rejected");
        timedOut("timed-out");
        captureFails("unpaid");
        returned("returned");
        sale("sale-2");
        overtaken("overtaken");
        products.add(new ProductBalance(PRODUCT, 6, 0, 4));
    }

    /** One context's journal, to be broken. */
    List<JournalRow> rows(String context) {
        return journals.computeIfAbsent(context, it -> new ArrayList<>());
    }

    Sources sources() {
        return new Sources(journals, accepted, orders, products, payments, ledger, open);
    }

    private void sale(String id) {
        ends(id, "CONFIRMED", "CAPTURED", TOTAL.minor(), 0);
        confirmed(id);
        own("payment", id, new PaymentCaptured(id, TOTAL), "capture-answer-" + id);
    }

    private void returned(String id) {
        ends(id, "RETURNED", "REFUNDED", TOTAL.minor(), TOTAL.minor());
        confirmed(id);
        own("payment", id, new PaymentCaptured(id, TOTAL), "capture-answer-" + id);
        String back = own("order", id, new OrderReturned("return-" + id, id, lines(), TOTAL), null);
        pieces("taken-back", id, back);
        own("stock", id, new StockReturned("return-" + id, id), back);
        own("payment", id, new PaymentRefunded(id, "return-" + id, TOTAL), back);
    }

    private void captureFails(String id) {
        ends(id, "CANCELLED", "VOIDED", 0, 0);
        confirmed(id);
        String failed = own("payment", id, new PaymentCaptureFailed(id, "capture-failed"), "capture-answer-" + id);
        own("payment", id, new PaymentVoided(id), "void-answer-" + id);
        String cancelled = own("order", id, new OrderCancelled(id, "capture-failed"), failed);
        pieces("released", id, cancelled);
        own("stock", id, new StockReleased(id), cancelled);
    }

    private void timedOut(String id) {
        ends(id, "CANCELLED", "VOIDED", 0, 0);
        reserved(id);
        own("payment", id, new PaymentAuthorized(id, TOTAL), "answer-" + id);
        String cancelled = own("order", id, new OrderCancelled(id, "time-limit"), null);
        pieces("released", id, cancelled);
        own("stock", id, new StockReleased(id), cancelled);
        own("payment", id, new PaymentVoided(id), cancelled);
    }

    private void declined(String id) {
        ends(id, "CANCELLED", "DECLINED", 0, 0);
        reserved(id);
        String declined = own("payment", id, new PaymentDeclined(id, "declined"), "answer-" + id);
        String cancelled = own("order", id, new OrderCancelled(id, "declined"), declined);
        pieces("released", id, cancelled);
        own("stock", id, new StockReleased(id), cancelled);
    }

    private void rejected(String id) {
        ends(id, "CANCELLED", "VOIDED", 0, 0);
        String placed = placed(id);
        String rejected = own("stock", id, new StockReservationRejected(id, PRODUCT, "insufficient-stock"), placed);
        String cancelled = own("order", id, new OrderCancelled(id, "insufficient-stock"), rejected);
        own("payment", id, new PaymentVoided(id), cancelled);
    }

    /** The cancellation overtook the order: both participants leave a tombstone. */
    private void overtaken(String id) {
        ends(id, "CANCELLED", "VOIDED", 0, 0);
        placed(id);
        String cancelled = own("order", id, new OrderCancelled(id, "cancelled-by-customer"), null);
        own("stock", id, new StockReleased(id), cancelled);
        own("payment", id, new PaymentVoided(id), cancelled);
    }

    private void confirmed(String id) {
        reserved(id);
        String authorized = own("payment", id, new PaymentAuthorized(id, TOTAL), "answer-" + id);
        String confirmed = own("order", id, new OrderConfirmed(id, TOTAL), authorized);
        pieces("sold", id, confirmed);
    }

    private void reserved(String id) {
        String placed = placed(id);
        pieces("reserved", id, placed);
        own("stock", id, new StockReserved(id), placed);
    }

    private String placed(String id) {
        accepted.add(id);
        String placed = own("order", id, new OrderPlaced(id, "c-1", lines(), TOTAL), null);
        own("order", id, new PaymentRequested(id, TOTAL, "tok_ok"), null);
        return placed;
    }

    private static List<OrderLine> lines() {
        return List.of(new OrderLine(PRODUCT, QUANTITY, PRICE));
    }

    private void ends(String id, String order, String payment, long captured, long refunded) {
        orders.put(id, order);
        payments.add(new PaymentBalance(id, payment, captured, refunded));
        if (captured > 0) {
            ledger.add(new LedgerBalance(id, captured, captured, refunded, false, 1, 1, refunded > 0 ? 1 : 0));
        }
    }

    private void pieces(String what, String orderId, String cause) {
        String type = "stock.pieces-" + what;
        if (what.equals("sold")) {
            return; // changes what is shown, not what is held
        }
        piece(
                type,
                "{\"productId\":\"p-1\",\"orderId\":\"" + orderId + "\",\"quantity\":" + QUANTITY + "}",
                orderId,
                cause);
    }

    /** A private event of the product. */
    void piece(String type, String payload, String processKey, @Nullable String cause) {
        append("stock", PRODUCT, type, payload, processKey, cause, null);
    }

    /** A published event, received by its followers at once; returns its id. */
    String own(String context, String aggregateId, Record event, @Nullable String cause) {
        PublishedLanguage.Entry<?> entry = PublishedLanguage.ENTRIES.stream()
                .filter(it -> it.type() == event.getClass())
                .findFirst()
                .orElseThrow();
        String body = JSON.writeValueAsString(event);
        String processKey = processKey(entry, event);
        JournalRow row = append(context, aggregateId, entry.name(), body, processKey, cause, entry.wireType());
        entry.followers().forEach(follower -> receive(follower, row));
        return row.eventId();
    }

    /** Puts a row into another context's journal. */
    void receive(String context, JournalRow row) {
        rows(context)
                .add(new JournalRow(
                        context,
                        nextPosition(context),
                        false,
                        row.eventId(),
                        row.source(),
                        row.aggregateId(),
                        null,
                        row.payloadType(),
                        row.payload(),
                        row.processKey(),
                        null,
                        row.wireType(),
                        null,
                        row.position()));
    }

    private static <T extends Record> String processKey(PublishedLanguage.Entry<T> entry, Record event) {
        return entry.processKey().apply(entry.type().cast(event));
    }

    private JournalRow append(
            String context,
            String aggregateId,
            String type,
            String payload,
            String processKey,
            @Nullable String cause,
            @Nullable String wireType) {
        long position = nextPosition(context);
        long sequence = sequences.merge(context + " " + aggregateId, 1L, Long::sum) - 1;
        JournalRow row = new JournalRow(
                context,
                position,
                true,
                context + "-" + position,
                context,
                aggregateId,
                sequence,
                type,
                payload,
                processKey,
                cause,
                wireType,
                null,
                null);
        rows(context).add(row);
        return row;
    }

    private long nextPosition(String context) {
        List<JournalRow> rows = rows(context);
        return rows.isEmpty() ? 1 : rows.get(rows.size() - 1).position() + 3;
    }
}
