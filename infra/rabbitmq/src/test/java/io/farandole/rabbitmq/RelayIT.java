package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.farandole.messaging.Envelope;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay against a real broker; the listener of stock, with an inbox in memory, says what arrived. */
class RelayIT {

    private final RecordingOutbox outbox = new RecordingOutbox();
    private final RecordingInbox stock = new RecordingInbox();
    private final RecordingInbox payment = new RecordingInbox();
    private final CountingMetrics metrics = new CountingMetrics();
    private Rig rig = Rig.provided();

    @BeforeEach
    void listen() {
        rig.start(Listener.builder(Events.spec("stock"), rig.broker("stock"), stock)
                .settings(Rig.quickListener())
                .build());
        rig.start(Listener.builder(Events.spec("payment"), rig.broker("payment"), payment)
                .settings(Rig.quickListener())
                .build());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Relay.Builder relay() {
        return Relay.builder(Events.spec("order"), rig.broker("order"), outbox)
                .settings(Rig.quickRelay())
                .metrics(metrics);
    }

    @Test
    void publishesEverythingInOrderPerProcessKey() {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            outbox.append(random.nextInt(10) == 0 ? Events.ARCHIVED : Events.PLACED, "order-" + random.nextInt(50));
        }
        Relay relay = rig.start(relay().build());
        List<Envelope> followed = outbox.events().stream()
                .filter(event -> event.type().equals(Events.PLACED))
                .toList();
        Rig.await(() -> stock.size() == followed.size() && outbox.saved() == 4_000);
        Orders.assertSame(followed, stock.events());
        assertThat(stock.duplicates()).isZero();
        assertThat(metrics.count("published")).isEqualTo(followed.size());
        assertThat(metrics.count("published-unfollowed")).isEqualTo(2_000 - followed.size());
        assertThat(metrics.count("confirmed")).isEqualTo(2_000);
        Rig.await(() -> relay.status().oldestUnconfirmed() == null);
        RelayStatus status = relay.status();
        assertThat(status.state()).isEqualTo(RelayStatus.State.RELAYING);
        assertThat(status.savedPosition()).isEqualTo(4_000);
        assertThat(status.lastError()).isNull();
    }

    @Test
    void wakesUpWhenSomethingIsAppended() {
        rig.start(relay().build());
        Rig.await(outbox::isLeased);
        for (int i = 0; i < 20; i++) {
            outbox.append(Events.PLACED, "order-1");
            int expected = i + 1;
            Rig.await(() -> stock.size() == expected);
        }
        Orders.assertSame(outbox.events(), stock.events());
    }

    @Test
    void savesThePositionLazilyAndAtTheStop() {
        Relay relay = rig.start(relay().build());
        for (int i = 0; i < 1_000; i++) {
            outbox.append(Events.PLACED, "order-" + i);
        }
        Rig.await(() -> stock.size() == 1_000);
        relay.stop();
        assertThat(outbox.saved()).isEqualTo(2_000);
        assertThat(outbox.saves()).hasSizeLessThan(50).isSorted();
        assertThat(outbox.isLeased()).isFalse();
        assertThat(relay.status().state()).isEqualTo(RelayStatus.State.STOPPED);
    }

    @Test
    void startsAgainAfterAStop() {
        Relay relay = rig.start(relay().build());
        outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> stock.size() == 1);
        relay.stop();
        outbox.append(Events.PLACED, "order-1");
        relay.start();
        Rig.await(() -> stock.size() == 2);
        assertThat(stock.duplicates()).isZero();
    }

    @Test
    void letsOneInstanceRelayAndTheOtherTakeOver() {
        Relay first = rig.start(relay().build());
        Rig.await(outbox::isLeased);
        Relay second = rig.start(relay().build());
        Rig.await(() -> second.status().state() == RelayStatus.State.STANDBY);
        outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> stock.size() == 1);
        first.stop();
        outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> stock.size() == 2);
        Orders.assertSame(outbox.events(), stock.events());
    }

    @Test
    void haltsWhenAFollowedEventFindsNoQueueAndGoesOnOnceItIsBound() throws Exception {
        rig.unbind("stock", Events.PLACED);
        for (int i = 0; i < 300; i++) {
            outbox.append(i % 3 == 0 ? Events.CANCELLED : Events.PLACED, "order-" + i % 20);
        }
        Relay relay = rig.start(relay().build());
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED && metrics.count("returned") > 2);
        assertThat(relay.status().lastError())
                .contains("order.events", "order.order-placed.v1", "stock", "stock.inbox", "infra/services");
        assertThat(outbox.saved()).isLessThan(4);
        assertThat(stock.events()).allMatch(event -> event.type().equals(Events.CANCELLED));

        rig.bind("stock", Events.PLACED);
        Rig.await(() -> stock.size() == 300);
        Orders.assertSame(outbox.events(), stock.events());
        Rig.await(() -> relay.status().state() == RelayStatus.State.RELAYING);
        assertThat(relay.status().lastError()).isNull();
    }

    @Test
    void sendsAFollowerWhatItMissedWhenOneOfTwoBindingsWasGone() throws Exception {
        Relay relay = rig.start(
                relay().bindingCheck(rig.topology("order").bindingCheck().orElseThrow())
                        .build());
        outbox.append(Events.CANCELLED, "order-0");
        Rig.await(() -> payment.size() == 1 && outbox.saved() == 2);

        rig.unbind("payment", Events.CANCELLED);
        for (int i = 0; i < 200; i++) {
            outbox.append(Events.CANCELLED, "order-" + i % 10);
        }
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        assertThat(relay.status().lastError()).contains("payment.inbox", "order.order-cancelled.v1", "order.events");
        assertThat(outbox.saved()).isEqualTo(2);

        rig.bind("payment", Events.CANCELLED);
        Rig.await(() -> payment.size() == 201 && stock.size() == 201);
        Orders.assertSame(outbox.events(), payment.events());
        Orders.assertSame(outbox.events(), stock.events());
        Rig.await(() -> outbox.saved() == 402 && relay.status().state() == RelayStatus.State.RELAYING);
    }

    /** The question is on its way while the broker, or this process, is frozen; then an administrator is quicker than the answer. */
    @Test
    void sendsAFollowerWhatItMissedWhenTheBindingIsBackBeforeALateCheckIsAnswered() throws Exception {
        BindingCheck check = rig.topology("order").bindingCheck().orElseThrow();
        AtomicBoolean freezes = new AtomicBoolean();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> thaw = new CompletableFuture<>();
        rig.start(relay().bindingCheck(() -> {
                    if (!freezes.getAndSet(false)) {
                        return check.missing();
                    }
                    asked.complete(null);
                    return thaw.thenCompose(nothing -> check.missing());
                })
                .build());
        outbox.append(Events.CANCELLED, "order-0");
        Rig.await(() -> payment.size() == 1 && outbox.saved() == 2);

        rig.unbind("payment", Events.CANCELLED);
        freezes.set(true);
        for (int i = 0; i < 200; i++) {
            outbox.append(Events.CANCELLED, "order-" + i % 10);
        }
        Rig.await(() -> stock.size() == 201 && asked.isDone());
        rig.bind("payment", Events.CANCELLED);
        thaw.completeOnTimeout(null, late(), TimeUnit.MILLISECONDS);
        Rig.await(() -> payment.size() == 201 && outbox.saved() == 402);
        Orders.assertSame(outbox.events(), payment.events());
        Orders.assertSame(outbox.events(), stock.events());
    }

    /** Publishing again and again would keep a slow broker slow, and the position where it is. */
    @Test
    void goesOnWithAWarningWhereEveryCheckIsLate() {
        BindingCheck check = rig.topology("order").bindingCheck().orElseThrow();
        Relay relay = rig.start(relay().bindingCheck(() -> new CompletableFuture<Void>()
                        .completeOnTimeout(null, late(), TimeUnit.MILLISECONDS)
                        .thenCompose(nothing -> check.missing()))
                .build());
        outbox.append(Events.CANCELLED, "order-0");
        Rig.await(() -> outbox.saved() == 2);
        assertThat(relay.status().warning()).contains("The broker is slow", "A binding that is missing for less");
        assertThat(payment.size()).isEqualTo(1);
        assertThat(payment.duplicates()).isEqualTo(1);
    }

    /** As while the broker is frozen, or its management interface starts. */
    @Test
    void aCheckThatFailsIsMadeAgainAndCountsForNothing() throws Exception {
        BindingCheck check = rig.topology("order").bindingCheck().orElseThrow();
        AtomicInteger failures = new AtomicInteger();
        Relay relay = rig.start(relay().bindingCheck(() -> failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                        ? CompletableFuture.failedFuture(new IOException("timed out"))
                        : check.missing())
                .build());
        outbox.append(Events.CANCELLED, "order-0");
        Rig.await(() -> payment.size() == 1 && outbox.saved() == 2);

        rig.unbind("payment", Events.CANCELLED);
        failures.set(1);
        outbox.append(Events.CANCELLED, "order-1");
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        assertThat(failures).hasValue(0);
        assertThat(outbox.saved()).isEqualTo(2);
        rig.bind("payment", Events.CANCELLED);
        Rig.await(() -> payment.size() == 2 && outbox.saved() == 4);
    }

    @Test
    void aBrokerThatCannotBeAskedHoldsNothingUp() {
        Relay relay =
                rig.start(relay().bindingCheck(() -> CompletableFuture.failedFuture(new IOException("no management")))
                        .build());
        for (int i = 1; i <= 3; i++) {
            outbox.append(Events.CANCELLED, "order-" + i);
            int saved = 2 * i;
            Rig.await(() -> outbox.saved() == saved);
        }
        assertThat(relay.status().warning()).contains("cannot be checked", "no management");
        assertThat(payment.duplicates()).isEqualTo(1);
    }

    private static long late() {
        return 2
                * BindingWatch.LONGEST_INTERVALS
                * Rig.quickRelay().bindingCheckInterval().toMillis();
    }

    @Test
    void publishesANackedEventAgainBeforeItsSuccessors() throws Exception {
        // A queue that is full and rejects makes the broker nack, until there is room again.
        Channel admin = rig.adminChannel();
        admin.queueDeclare(
                "full",
                true,
                false,
                false,
                Map.of("x-queue-type", "quorum", "x-max-length", 5, "x-overflow", "reject-publish"));
        admin.queueBind("full", "order.events", Events.PLACED.wireType());
        for (int i = 0; i < 300; i++) {
            outbox.append(Events.PLACED, "order-" + i % 7);
        }
        Relay relay = rig.start(relay().build());
        Rig.await(() -> metrics.count("nacked") > 0);
        List<String> inFull = new ArrayList<>();
        Rig.await(() -> drain(admin, inFull) && outbox.saved() == 600);
        Orders.assertSame(outbox.events(), stock.events());
        assertThat(new java.util.LinkedHashSet<>(inFull)).hasSize(300);
        assertThat(relay.status().lastError()).isNull();
    }

    private static boolean drain(Channel channel, List<String> ids) {
        try {
            for (GetResponse got = channel.basicGet("full", true); got != null; got = channel.basicGet("full", true)) {
                ids.add(got.getProps().getMessageId());
            }
            return true;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void publishesAgainWhenTheBrokerClosesTheConnection() {
        Relay relay = rig.start(relay().build());
        Random random = new Random(7);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 400; i++) {
                outbox.append(Events.PLACED, "order-" + random.nextInt(30));
            }
            closeConnections("farandole-relay-order");
        }
        Rig.await(() -> stock.size() == 1_200 && outbox.saved() == 2_400);
        Orders.assertSame(outbox.events(), stock.events());
        Rig.await(() -> relay.status().state() == RelayStatus.State.RELAYING);
    }

    private void closeConnections(String name) {
        Rig.await(() -> {
            String connections =
                    rig.vhost().manage("GET", "vhosts/" + rig.vhost().vhost() + "/connections", "");
            var node = new io.farandole.messaging.JsonCodec().readTree(connections);
            boolean closed = false;
            for (var connection : node) {
                if (connection
                        .path("client_properties")
                        .path("connection_name")
                        .asString("")
                        .equals(name)) {
                    rig.vhost()
                            .manage(
                                    "DELETE",
                                    "connections/"
                                            + java.net.URLEncoder.encode(
                                                            connection
                                                                    .path("name")
                                                                    .asString(""),
                                                            java.nio.charset.StandardCharsets.UTF_8)
                                                    .replace("+", "%20"),
                                    "");
                    closed = true;
                }
            }
            return closed;
        });
        Rig.await(() -> metrics.count("connection-lost-relay") > 0);
    }

    @Test
    void haltsWhileItsExchangeIsMissing() throws Exception {
        rig.adminChannel().exchangeDelete("order.events");
        Relay relay = rig.start(relay().build());
        outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        assertThat(relay.status().lastError()).contains("order.events", "NOT_FOUND");
        rig.adminChannel().exchangeDeclare("order.events", "topic", true);
        rig.bind("stock", Events.PLACED);
        Rig.await(() -> stock.size() == 1);
        Rig.await(() -> relay.status().state() == RelayStatus.State.RELAYING);
    }

    @Test
    void haltsAtAnEventThatCannotBeAMessage() {
        outbox.append(Events.PLACED, "order-1");
        outbox.append(Events.event(Events.PLACED, "too-long", "k".repeat(2_000), 1_000));
        Relay relay = rig.start(relay().build());
        Rig.await(() -> stock.size() == 1 && relay.status().state() == RelayStatus.State.HALTED);
        assertThat(relay.status().lastError()).contains("too-long", "longer than 1024 bytes");
        Rig.await(() -> outbox.saved() == 2);
    }

    @Test
    void waitsForAnOutboxThatIsAway() {
        outbox.down(true);
        outbox.append(Events.PLACED, "order-1");
        Relay relay = rig.start(relay().build());
        Rig.await(() -> relay.status().state() == RelayStatus.State.STORE_UNAVAILABLE);
        assertThat(relay.status().lastError()).contains("outbox", "the store is away");
        outbox.down(false);
        Rig.await(() -> stock.size() == 1 && relay.status().lastError() == null);
    }

    @Test
    void readsRarelyWhileThereIsNothing() {
        rig.start(relay().build());
        Rig.await(outbox::isLeased);
        int before = outbox.reads();
        Patience.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(outbox.reads() - before).isLessThan(20);
    }

    @Test
    void holdsNothingButRetriesWhileTheBrokerIsAway() {
        com.rabbitmq.client.ConnectionFactory nowhere = rig.factory("order");
        nowhere.setPort(1);
        Relay relay = rig.start(Relay.builder(Events.spec("order"), Broker.of(nowhere), outbox)
                .settings(Rig.quickRelay())
                .metrics(metrics)
                .build());
        outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> metrics.count("connection-lost-relay") > 2);
        RelayStatus status = relay.status();
        assertThat(status.state()).isEqualTo(RelayStatus.State.CONNECTING);
        assertThat(status.connected()).isFalse();
        assertThat(status.lastError()).contains("Connection refused");
        assertThat(status.oldestUnconfirmed()).isNotNull();
        assertThat(outbox.isLeased()).isFalse();
    }

    @Test
    void namesTheUserThatTheBrokerRefuses() {
        com.rabbitmq.client.ConnectionFactory wrong = rig.factory("order");
        wrong.setPassword("wrong");
        Relay relay = rig.start(Relay.builder(Events.spec("order"), Broker.of(wrong), outbox)
                .settings(Rig.quickRelay())
                .build());
        Rig.await(() -> relay.status().lastError() != null);
        assertThat(relay.status().lastError()).contains("refuses user order").doesNotContain("wrong");
    }
}
