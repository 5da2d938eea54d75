package io.farandole.acceptance.defect;

import static io.farandole.testservers.Patience.await;

import io.farandole.acceptance.shop.Echo;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.Outbox;
import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.RelayStatus;
import io.farandole.rabbitmq.TopologySpec;
import io.farandole.testservers.TcpProxy.Direction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Defects between the contexts: of inbox, relay and broker. */
class TheCheckerCatchesTransportDefectsIT extends DefectiveShop {

    private static final Duration STILL = Duration.ofMillis(300);

    @Test
    void anAcknowledgementBeforeTheCommitLosesAnOrder() throws Exception {
        Gate gate = new Gate();
        Seam right = Seam.around(Inbox.class, inbox -> new HastyInbox(inbox, gate, false));
        Seam hasty = Seam.around(Inbox.class, inbox -> new HastyInbox(inbox, gate, true));
        ShopInOneJvm shop = open(Map.of("payment", right));

        String received = dieBeforeTheAppend(shop, gate, hasty, false);
        shop.awaitRight();
        String lost = dieBeforeTheAppend(shop, gate, Seam.NONE, true);

        shop.awaitRest();
        assertCaught(shop, "I3", lost, received);
    }

    @Test
    void aGuardInAnotherTransactionLosesAnOrder() throws Exception {
        Gate gate = new Gate();
        ShopInOneJvm shop = open(Map.of("payment", guarded(gate, true)));
        shop.execute("payment", SeparateGuard.TABLE);

        String received = dieBeforeTheAppend(shop, gate, guarded(gate, false), false);
        shop.awaitRight();
        String lost = dieBeforeTheAppend(shop, gate, guarded(gate, false), false);

        shop.awaitRest();
        assertCaught(shop, "I3", lost, received);
    }

    private static Seam guarded(Gate gate, boolean together) {
        return service -> Seam.around(
                        Inbox.class,
                        inbox -> new SeparateGuard(
                                inbox,
                                new JdbcTemplate(service.getBean(DataSource.class)),
                                together
                                        ? new TransactionTemplate(service.getBean(PlatformTransactionManager.class))
                                        : null,
                                gate))
                .openIn(service);
    }

    /**
     * Payment dies when it has received an order and not stored it.
     *
     * @param acknowledged whether it has acknowledged it all the same; it dies after that
     */
    private static String dieBeforeTheAppend(ShopInOneJvm shop, Gate gate, Seam next, boolean acknowledged) {
        ServiceInThisJvm payment = shop.service("payment");
        gate.close();
        String orderId = shop.order(PRODUCT);
        await().until(gate::holdsSomebody);
        if (acknowledged) {
            Listener listener = payment.bean(Listener.class);
            await().until(() -> listener.status().unsettled() == 0);
            awaitSilence(payment);
        }
        payment.die();
        gate.open();
        shop.restart("payment", next);
        return orderId;
    }

    /** What a service has said has reached the broker: a reset must not overtake it. */
    private static void awaitSilence(ServiceInThisJvm service) {
        AtomicLong before = new AtomicLong(-1);
        await().during(STILL).until(() -> {
            long now = service.toBroker().forwarded(Direction.TO_SERVER);
            return before.getAndSet(now) == now;
        });
    }

    @Test
    void withoutADuplicateGuardAMessageStandsTwice() throws Exception {
        ShopInOneJvm shop = open(Map.of());
        try (Echo echo = new Echo(shop.broker(), shop.users())) {
            String once = receiveTwice(shop, echo);
            shop.awaitRight();
            StoredFunction.rewrite(
                    shop.database("payment"), "append_received_at", 14, "where not exists \\([^)]*\\)", "");
            StoredFunction.rewrite(
                    shop.database("payment"), "append_received_at", 14, "on conflict \\([^)]*\\) do nothing", "");
            shop.execute("payment", "drop index farandole.journal_event_id");
            String twice = receiveTwice(shop, echo);

            shop.awaitRest();
            assertCaught(shop, "I4", twice, once);
        }
    }

    private static String receiveTwice(ShopInOneJvm shop, Echo echo) {
        int before = echo.count();
        String orderId = shop.order(PRODUCT);
        await().until(() -> echo.count() > before + 4);
        return orderId;
    }

    @Test
    void aRelayThatGoesByTheHighestIdPassesOverALateCommit() throws Exception {
        AtomicBoolean byHighestId = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        AtomicLong highest = new AtomicLong();
        ShopInOneJvm shop = open(Map.of("order", service -> Seam.around(
                        Outbox.class,
                        outbox -> new OutboxAround(
                                outbox,
                                lease -> new LeaseByHighestId(
                                        lease,
                                        new JdbcTemplate(service.getBean(DataSource.class)),
                                        byHighestId::get,
                                        reads,
                                        highest)))
                .openIn(service)));
        try (JournalGate gate =
                JournalGate.in(shop.database("order"), "after insert", "new.own and new.payload like '%c-slow%'")) {
            String waitedFor = commitLate(shop, gate, reads);
            shop.awaitRight();
            byHighestId.set(true);
            String passedOver = commitLate(shop, gate, reads);

            shop.awaitRest();
            assertCaught(shop, "I3", passedOver, waitedFor);
        }
    }

    /** An order whose transaction commits when a later one has committed, and the relay has looked several times. */
    private static String commitLate(ShopInOneJvm shop, JournalGate gate, AtomicInteger reads) throws Exception {
        gate.bar();
        CompletableFuture<String> slow = shop.orderAs("c-slow", PRODUCT);
        await().until(() -> gate.waiting() == 1);
        shop.order(PRODUCT);
        int before = reads.get();
        await().until(() -> reads.get() > before + 3);
        gate.open();
        return slow.join();
    }

    @Test
    void withoutConfirmsTheNetworkLosesAnOrder() throws Exception {
        AtomicBoolean credulous = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        ShopInOneJvm shop = open(Map.of("order", CredulousClient.seam(credulous, published)));

        String again = publishIntoTheVoid(shop, published, false);
        shop.awaitRight();
        credulous.set(true);
        String lost = publishIntoTheVoid(shop, published, true);

        shop.awaitRest();
        assertCaught(shop, "I3", lost, again);
    }

    /** What order publishes gets lost on the way, until its connections are cut. */
    private static String publishIntoTheVoid(ShopInOneJvm shop, AtomicInteger published, boolean believed) {
        ServiceInThisJvm order = shop.service("order");
        int before = published.get();
        order.toBroker().blackhole(Direction.TO_SERVER);
        String orderId = shop.order(PRODUCT);
        await().until(() -> published.get() > before && (!believed || shop.relayed("order")));
        order.toBroker().heal();
        order.toBroker().cut();
        return orderId;
    }

    @Test
    void withoutMandatoryAMissingBindingLosesAnOrder() throws Exception {
        ShopInOneJvm shop = open(Map.of());

        String waited = publishWithoutABinding(shop);
        shop.awaitRight();
        shop.service("order").close();
        shop.restart("order", Seam.around(TopologySpec.class, TheCheckerCatchesTransportDefectsIT::withoutFollowers));
        String lost = publishWithoutABinding(shop);

        shop.awaitRest();
        assertCaught(shop, "I3", lost, waited);
    }

    /** It neither publishes with {@code mandatory} nor looks at bindings: nobody is said to follow. */
    private static TopologySpec withoutFollowers(TopologySpec spec) {
        Map<EventType, Set<String>> publishes = new LinkedHashMap<>();
        spec.publishes().keySet().forEach(type -> publishes.put(type, Set.of()));
        return new TopologySpec(spec.context(), spec.follows(), publishes);
    }

    /** Stock's binding is missing until the relay has stopped for it, or believes to be done. */
    private static String publishWithoutABinding(ShopInOneJvm shop) throws Exception {
        shop.unbind("stock.inbox", "order.events", "order.order-placed.v1");
        String orderId = shop.order(PRODUCT);
        Relay relay = shop.service("order").bean(Relay.class);
        await().until(() -> relay.status().state() == RelayStatus.State.HALTED || shop.relayed("order"));
        shop.bind("stock.inbox", "order.events", "order.order-placed.v1");
        return orderId;
    }

    @Test
    void publishingAgainUnderANewIdDeliversWhatNobodyHasCommitted() throws Exception {
        RenamingLease.Memory memory = new RenamingLease.Memory();
        Seam renaming = Seam.around(
                Outbox.class, outbox -> new OutboxAround(outbox, lease -> new RenamingLease(lease, memory)));
        ShopInOneJvm shop = open(Map.of("order", renaming));

        String once = dieBeforeThePositionIsSaved(shop, memory, renaming);
        shop.awaitRight();
        memory.renames.set(true);
        String twice = dieBeforeThePositionIsSaved(shop, memory, renaming);

        shop.awaitRest();
        assertCaught(shop, "I6", twice, once);
    }

    private static String dieBeforeThePositionIsSaved(ShopInOneJvm shop, RenamingLease.Memory memory, Seam renaming) {
        memory.savesNothing.set(true);
        String orderId = shop.order(PRODUCT);
        await().until(() -> shop.knows("payment", "order.order-confirmed", orderId));
        shop.service("order").die();
        memory.savesNothing.set(false);
        shop.restart("order", renaming);
        return orderId;
    }
}
