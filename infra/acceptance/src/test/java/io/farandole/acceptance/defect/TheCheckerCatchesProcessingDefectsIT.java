package io.farandole.acceptance.defect;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Inbox;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Defects within a context: of journal, processors, sagas and barrier. */
class TheCheckerCatchesProcessingDefectsIT extends DefectiveShop {

    /** The order's saga is undone, in effect: it is there again as it was long ago, and waits for what has happened. */
    @Test
    void aBlindUpdateBringsAnEndedSagaBack() throws Exception {
        ShopInOneJvm shop = open(Map.of());

        String refused = overtakeAnOwner(shop);
        shop.awaitRight();
        StoredFunction.rewrite(shop.database("order"), "save_sagas", 7, "and f\\.version = g\\.v", "");
        String overwritten = overtakeAnOwner(shop);

        shop.awaitRest();
        assertCaught(shop, "I10", overwritten, refused);
    }

    /** A second owner of the order's saga loads it, pauses, and writes it when the first one has ended it; then it dies. */
    private static String overtakeAnOwner(ShopInOneJvm shop) throws Exception {
        shop.service("stock").close();
        String orderId = shop.order(PRODUCT);
        String saga =
                "select exists (select from farandole.saga where saga_type = 'OrderFulfilment' and process_key = '"
                        + orderId + "' and ended_at is ";
        await().until(() -> shop.truth("order", saga + "null)"));
        LateOwner late = new LateOwner("OrderFulfilment");
        ServiceInThisJvm second = shop.another("order", late.seam("order-fulfilment"));
        await().until(late::isAsleep);
        shop.restart("stock", Seam.NONE);
        await().until(() -> shop.truth("order", saga + "not null)"));
        late.wake();
        await().until(late::isDone);
        second.die();
        late.end();
        return orderId;
    }

    @Test
    void withoutAVersionCheckTwoEventsOfAnAggregateHaveOneNumber() throws Exception {
        ShopInOneJvm shop = open(Map.of());
        ServiceInThisJvm second = shop.another("stock", Seam.NONE);
        shop.receive("p-2", 1);
        shop.receive("p-3", 1);
        try (JournalGate gate = JournalGate.in(
                shop.database("stock"), "before insert", "new.own and new.payload_type = 'stock.goods-received'")) {
            receiveAtOnce(shop, second, gate, "p-2");
            shop.awaitRight();
            shop.execute("stock", "drop index farandole.journal_aggregate_sequence");
            shop.execute(
                    "stock",
                    "create index journal_aggregate_sequence on farandole.journal (aggregate_id, sequence)"
                            + " where own and sequence is not null");
            receiveAtOnce(shop, second, gate, "p-3");
        }

        shop.awaitRest();
        assertCaught(shop, "I5", "p-3", "p-2");
    }

    /** Two instances have decided on the same state when the first of them writes. */
    private static void receiveAtOnce(ShopInOneJvm shop, ServiceInThisJvm second, JournalGate gate, String product)
            throws Exception {
        gate.bar();
        CompletableFuture<Void> one = shop.receive(shop.service("stock"), product, 10);
        CompletableFuture<Void> other = shop.receive(second, product, 10);
        await().until(() -> gate.waiting() == 2);
        gate.open();
        CompletableFuture.allOf(one, other).join();
    }

    @Test
    void aReplayThatDispatchesCommandsDoublesTheirEffect() throws Exception {
        AtomicBoolean alsoInReplays = new AtomicBoolean();
        ShopInOneJvm shop = open(Map.of("stock", Restocking.seam(alsoInReplays)));
        EventProcessingConfiguration processing = shop.service("stock").bean(EventProcessingConfiguration.class);
        StreamingEventProcessor sagas = processing
                .eventProcessor("stock-reservation", StreamingEventProcessor.class)
                .orElseThrow();
        assertThat(sagas.supportsReset()).as("a saga can be replayed").isFalse();
        StreamingEventProcessor restocking = processing
                .eventProcessor(Restocking.PROCESSOR, StreamingEventProcessor.class)
                .orElseThrow();

        String orderId = shop.order(PRODUCT);
        shop.awaitRight();
        replay(restocking);
        shop.awaitRest();
        shop.awaitRight();
        alsoInReplays.set(true);
        replay(restocking);

        shop.awaitRest();
        assertCaught(shop, "I4", orderId);
    }

    private static void replay(StreamingEventProcessor processor) {
        processor.shutDown();
        processor.resetTokens();
        processor.start();
        await().until(() -> !processor.processingStatus().isEmpty()
                && processor.processingStatus().values().stream()
                        .allMatch(status -> status.isCaughtUp() && !status.isReplaying()));
    }

    /**
     * What no framework can prevent is that a transport reorders: the checker tells of that (I5) either way. Without a tombstone, and
     * without the memory of ended sagas, goods are held for an order that was cancelled before.
     */
    @Test
    void withoutATombstoneACancelledOrderHoldsGoods() throws Exception {
        AtomicReference<@Nullable OvertakenInbox> made = new AtomicReference<>();
        ShopInOneJvm shop = open(Map.of("stock", Seam.around(Inbox.class, inbox -> {
            OvertakenInbox overtaken = new OvertakenInbox(inbox, "order.order-placed.v1");
            made.set(overtaken);
            return overtaken;
        })));
        OvertakenInbox stock = made.get();
        assertThat(stock).isNotNull();

        String refused = cancelFirst(shop, stock);
        shop.awaitRest();
        assertThat(shop.violations())
                .allSatisfy(it -> assertThat(it.invariant()).isEqualTo("I5"))
                .allSatisfy(it -> assertThat(it.subject()).isEqualTo(refused));
        StoredFunction.rewrite(
                shop.database("stock"), "barrier_compensate", 2, "(?s)insert into farandole\\.barrier.*?end if;", "");
        StoredFunction.rewrite(
                shop.database("stock"), "barrier_compensate", 2, "(?s)perform 1.*?end if;", "return 'DUPLICATE';");
        shop.execute(
                "stock",
                """
                create function farandole.forget() returns trigger language plpgsql as $$
                begin
                    delete from farandole.saga where saga_type = new.saga_type and process_key = new.process_key;
                    return null;
                end $$;
                create trigger forget after insert on farandole.saga
                    for each row when (new.ended_at is not null) execute function farandole.forget()""");
        String held = cancelFirst(shop, stock);

        shop.awaitRest();
        assertCaught(shop, "I2", held);
    }

    private static String cancelFirst(ShopInOneJvm shop, OvertakenInbox stock) {
        stock.slowDown();
        String orderId = shop.order(PRODUCT);
        await().until(stock::isUnderWay);
        shop.cancel(orderId);
        await().until(() -> shop.knows("stock", "order.order-cancelled", orderId));
        shop.awaitRest();
        stock.arrive();
        return orderId;
    }

    @Test
    void aSwallowedExceptionLeavesAnOrderUnfinished() throws Exception {
        FailingHandlers handlers = new FailingHandlers(PaymentRequested.class);
        ShopInOneJvm shop = open(Map.of("payment", handlers.seam()));

        String triedAgain = failOnce(shop, handlers);
        shop.awaitRight();
        handlers.swallow();
        String forgotten = failOnce(shop, handlers);

        shop.awaitRest();
        assertCaught(shop, "I7", forgotten, triedAgain);
    }

    private static String failOnce(ShopInOneJvm shop, FailingHandlers handlers) {
        handlers.fail(1);
        String orderId = shop.order(PRODUCT);
        await().until(handlers::hasFailed);
        return orderId;
    }
}
