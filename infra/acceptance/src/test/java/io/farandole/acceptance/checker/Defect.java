package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.Sources.LedgerBalance;
import io.farandole.acceptance.checker.Sources.ProductBalance;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a broken framework would do to the journals, and where the checker has to notice. */
@SuppressWarnings("ImmutableEnumChecker") // the seeds keep no state
enum Defect {
    /** As when a delivery is acknowledged before the commit, or published without confirms, or skipped by the relay. */
    LOST_MESSAGE("I3", "sale-1", shop -> remove(shop, "payment", received("order.order-confirmed.v1", "sale-1"))),
    ACCEPTED_ORDER_WITHOUT_EVENTS("I3", "gone", shop -> shop.accepted.add("gone")),
    NO_DUPLICATE_GUARD("I4", "sale-1", shop -> {
        List<JournalRow> rows = shop.rows("payment");
        rows.add(find(rows, received("order.order-confirmed.v1", "sale-1")));
    }),
    /** As when the guard is written in another transaction than the effect. */
    DOUBLED_EFFECT(
            "I4",
            "sale-1",
            shop -> shop.own("payment", "sale-1", new PaymentCaptured("sale-1", euros(1980)), "capture-answer-sale-1")),
    /** As when a replay dispatches commands: the same cause, in other commands. */
    REPLAYED_REACTION("I4", "sale-1", shop -> {
        String placed = find(shop.rows("stock"), received("order.order-placed.v1", "sale-1"))
                .eventId();
        for (int i = 0; i < 2; i++) {
            shop.piece("stock.goods-received", "{\"productId\":\"p-1\",\"quantity\":2}", "sale-1", placed);
        }
    }),
    DOUBLED_AT_THE_PROVIDER("I4", "sale-1", shop -> {
        shop.ledger.removeIf(it -> it.paymentId().equals("sale-1"));
        shop.ledger.add(new LedgerBalance("sale-1", 1980, 1980, 0, false, 1, 2, 0));
    }),
    REPUBLISHED_UNDER_A_NEW_ID("I6", "sale-1", shop -> {
        JournalRow row = find(shop.rows("payment"), received("order.order-confirmed.v1", "sale-1"));
        shop.rows("payment").add(with(row, "another-id", row.position() + 1000, row.sourceSequence()));
    }),
    /** As when a relay publishes before the commit, and the transaction then rolls back. */
    PUBLISHED_WITHOUT_COMMIT("I6", "sale-1", shop -> {
        remove(shop, "payment", own("payment.payment-captured", "sale-1"));
    }),
    CHANGED_ON_THE_WAY(
            "I6", "sale-1", shop -> change(shop, "order", received("payment.payment-captured.v1", "sale-1"))),
    REORDERED("I5", "unpaid", shop -> {
        List<JournalRow> rows = shop.rows("order");
        int first = index(rows, received("payment.payment-capture-failed.v1", "unpaid"));
        int second = index(rows, received("payment.payment-voided.v1", "unpaid"));
        Collections.swap(rows, first, second);
    }),
    /** As with a blind update, or without a version check. */
    TWO_EVENTS_WITH_ONE_NUMBER("I5", "sale-2", shop -> {
        List<JournalRow> rows = shop.rows("order");
        int last = index(rows, own("order.order-confirmed", "sale-2"));
        JournalRow row = rows.get(last);
        rows.set(last, withSequence(row, 1L));
    }),
    OVERSOLD(
            "I2",
            "p-1",
            shop -> shop.piece(
                    "stock.pieces-reserved",
                    "{\"productId\":\"p-1\",\"orderId\":\"sale-1\",\"quantity\":7}",
                    "sale-1",
                    null)),
    PIECES_OF_AN_UNKNOWN_ORDER(
            "I2",
            "ghost",
            shop -> shop.piece(
                    "stock.pieces-reserved",
                    "{\"productId\":\"p-1\",\"orderId\":\"ghost\",\"quantity\":1}",
                    "ghost",
                    null)),
    RELEASED_TWICE(
            "I2",
            "declined",
            shop -> shop.piece(
                    "stock.pieces-released",
                    "{\"productId\":\"p-1\",\"orderId\":\"declined\",\"quantity\":2}",
                    "declined",
                    null)),
    /** As when an exception is swallowed and the token moves on. */
    SAGA_WITHOUT_END("I7", "sale-1", shop -> {
        remove(shop, "payment", own("payment.payment-captured", "sale-1"));
        remove(shop, "order", received("payment.payment-captured.v1", "sale-1"));
    }),
    COMPENSATION_MISSING("I7", "timed-out", shop -> {
        remove(shop, "stock", own("stock.stock-released", "timed-out"));
        remove(shop, "order", received("stock.stock-released.v1", "timed-out"));
    }),
    PIECES_NOT_GIVEN_BACK("I2", "timed-out", shop -> remove(shop, "stock", own("stock.pieces-released", "timed-out"))),
    EVENT_AFTER_THE_END(
            "I7",
            "timed-out",
            shop -> shop.own("payment", "timed-out", new PaymentAuthorized("timed-out", euros(1980)), "late")),
    /** As when the compensation takes effect before the forward step. */
    CONTEXTS_DISAGREE("I7", "sale-1", shop -> {
        remove(shop, "payment", own("payment.payment-captured", "sale-1"));
        remove(shop, "order", received("payment.payment-captured.v1", "sale-1"));
        shop.own("payment", "sale-1", new PaymentVoided("sale-1"), "void-answer");
    }),
    MONEY_MISMATCH("I1", "sale-1", shop -> {
        remove(shop, "payment", own("payment.payment-captured", "sale-1"));
        remove(shop, "order", received("payment.payment-captured.v1", "sale-1"));
        shop.own("payment", "sale-1", new PaymentCaptured("sale-1", euros(1)), "capture-answer-sale-1");
    }),
    MONEY_HANGS_AT_THE_PROVIDER(
            "I1", "timed-out", shop -> shop.ledger.add(new LedgerBalance("timed-out", 1980, 0, 0, false, 1, 0, 0))),
    PROVIDER_KEEPS_WHAT_WE_THINK_WE_PAID_BACK("I1", "returned", shop -> {
        shop.ledger.removeIf(it -> it.paymentId().equals("returned"));
        shop.ledger.add(new LedgerBalance("returned", 1980, 1980, 0, false, 1, 1, 0));
    }),
    RETURN_PAID_BACK_TWICE(
            "I7",
            "return-returned",
            shop -> shop.own(
                    "payment", "returned", new PaymentRefunded("returned", "return-returned", euros(1980)), "again")),
    SHOWN_STATUS_LAGS_FOR_EVER("I7", "sale-1", shop -> shop.orders.put("sale-1", "PENDING")),
    ORDER_NOT_TO_BE_READ("I8", "sale-1", shop -> shop.orders.remove("sale-1")),
    /** As when the confirmation never became a sale in stock. */
    SHOWN_STOCK_STILL_RESERVED("I2", "p-1", shop -> {
        shop.products.clear();
        shop.products.add(new ProductBalance("p-1", 6, 2, 2));
    }),
    WORK_LEFT_OVER(
            "I10",
            "sale-1",
            shop -> shop.open.add(new Sources.OpenWork("payment", "saga PaymentCollection", "sale-1")));

    final String invariant;
    final String subject;
    private final Consumer<SyntheticShop> seed;

    Defect(String invariant, String subject, Consumer<SyntheticShop> seed) {
        this.invariant = invariant;
        this.subject = subject;
        this.seed = seed;
    }

    void seedInto(SyntheticShop shop) {
        seed.accept(shop);
    }

    private static Money euros(long minor) {
        return new Money(minor, "EUR");
    }

    private static Predicate<JournalRow> received(String wireType, String processKey) {
        return row -> !row.own()
                && wireType.equals(row.wireType())
                && row.processKey().equals(processKey);
    }

    private static Predicate<JournalRow> own(String type, String processKey) {
        return row ->
                row.own() && row.payloadType().equals(type) && row.processKey().equals(processKey);
    }

    private static void remove(SyntheticShop shop, String context, Predicate<JournalRow> which) {
        List<JournalRow> rows = shop.rows(context);
        rows.remove(index(rows, which));
    }

    private static JournalRow find(List<JournalRow> rows, Predicate<JournalRow> which) {
        return rows.get(index(rows, which));
    }

    private static int index(List<JournalRow> rows, Predicate<JournalRow> which) {
        return IntStream.range(0, rows.size())
                .filter(i -> which.test(rows.get(i)))
                .findFirst()
                .orElseThrow();
    }

    private static void change(SyntheticShop shop, String context, Predicate<JournalRow> which) {
        List<JournalRow> rows = shop.rows(context);
        int index = index(rows, which);
        JournalRow row = rows.get(index);
        rows.set(
                index,
                copy(
                        row,
                        row.eventId(),
                        row.position(),
                        row.sequence(),
                        row.payload().replace("1980", "1981"),
                        row.sourceSequence()));
    }

    private static JournalRow with(JournalRow row, String eventId, long position, @Nullable Long sourceSequence) {
        return copy(row, eventId, position, row.sequence(), row.payload(), sourceSequence);
    }

    private static JournalRow withSequence(JournalRow row, Long sequence) {
        return copy(row, row.eventId(), row.position(), sequence, row.payload(), row.sourceSequence());
    }

    private static JournalRow copy(
            JournalRow row,
            String eventId,
            long position,
            @Nullable Long sequence,
            String payload,
            @Nullable Long sourceSequence) {
        return new JournalRow(
                row.context(),
                position,
                row.own(),
                eventId,
                row.source(),
                row.aggregateId(),
                sequence,
                row.payloadType(),
                payload,
                row.processKey(),
                row.causationId(),
                row.wireType(),
                row.wirePayload(),
                sourceSequence);
    }
}
