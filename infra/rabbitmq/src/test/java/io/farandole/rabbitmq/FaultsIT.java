package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.farandole.messaging.Envelope;
import io.farandole.testservers.PrivateRabbit;
import io.farandole.testservers.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Relay and listener while the broker, or the way to it, fails: nothing lost, nothing doubled, order kept. */
class FaultsIT {

    private static PrivateRabbit node;

    private final RecordingOutbox outbox = new RecordingOutbox();
    private final RecordingInbox inbox = new RecordingInbox();
    private final CountingMetrics metrics = new CountingMetrics();
    private final Random random = new Random(20261120);
    private Rig rig;
    private TcpProxy proxy;

    @BeforeAll
    static void startNode() {
        node = PrivateRabbit.start();
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void provide() {
        rig = Rig.provided(node.server());
        proxy = TcpProxy.to(node.server().host(), node.server().port());
    }

    @AfterEach
    void close() {
        rig.close();
        proxy.close();
    }

    private Broker viaProxy(String context) {
        ConnectionFactory factory = rig.factory(context);
        factory.setPort(proxy.port());
        return Broker.of(factory);
    }

    private Relay relay(Broker broker, RelaySettings settings) {
        return rig.start(Relay.builder(Events.spec("order"), broker, outbox)
                .settings(settings)
                .metrics(metrics)
                .build());
    }

    private Listener listen(Broker broker) {
        return rig.start(Listener.builder(Events.spec("stock"), broker, inbox)
                .settings(Rig.quickListener())
                .metrics(metrics)
                .build());
    }

    private void append(int events) {
        for (int i = 0; i < events; i++) {
            outbox.append(Events.PLACED, "order-" + random.nextInt(25));
        }
    }

    private void assertEverythingArrived() {
        List<Envelope> published = outbox.events();
        Rig.await(() -> inbox.size() == published.size()
                && outbox.saved() == published.get(published.size() - 1).sequence());
        Orders.assertSame(published, inbox.events());
    }

    @Test
    void survivesABrokerThatIsKilledAndRestartedInMidBatch() throws Exception {
        Relay relay = relay(rig.broker("order"), Rig.quickRelay());
        Listener listener = listen(rig.broker("stock"));
        append(1_500);
        int before = inbox.size();
        Rig.await(() -> inbox.size() > before + 200);
        node.kill();
        append(300);
        Rig.await(() -> relay.status().state() == RelayStatus.State.CONNECTING
                && listener.status().state() == ListenerStatus.State.CONNECTING);
        assertThat(outbox.isLeased()).isFalse();
        node.restart();
        assertEverythingArrived();
        Rig.await(() -> relay.status().lastError() == null && listener.status().lastError() == null);
        Rig.await(() -> listener.status().unsettled() == 0);
        assertThat(metrics.count("set-aside")).isZero();
    }

    @Test
    void publishesAgainWhenAConfirmIsSwallowed() {
        Relay relay = relay(viaProxy("order"), Rig.relaySettings(100, Duration.ofSeconds(2)));
        listen(rig.broker("stock"));
        append(50);
        assertEverythingArrived();

        // What the broker says is gone for ever, its confirms included, while what is published still arrives.
        proxy.blackhole(TcpProxy.Direction.TO_CLIENT);
        append(200);
        Rig.await(() -> metrics.count("confirm-timed-out") > 0);
        assertThat(outbox.saved()).isEqualTo(100);
        proxy.heal();
        proxy.cut();
        assertEverythingArrived();
        assertThat(inbox.duplicates()).isPositive();
        Rig.await(() -> relay.status().state() == RelayStatus.State.RELAYING
                && relay.status().lastError() == null);
    }

    @Test
    void survivesConnectionsThatAreResetAtAnyByte() {
        relay(viaProxy("order"), Rig.quickRelay());
        Listener listener = listen(viaProxy("stock"));
        for (int round = 0; round < 8; round++) {
            append(250);
            int before = inbox.size();
            proxy.cutAfter(
                    random.nextBoolean() ? TcpProxy.Direction.TO_SERVER : TcpProxy.Direction.TO_CLIENT,
                    500 + random.nextInt(60_000));
            Rig.await(() -> inbox.size() > before + 50);
        }
        proxy.heal();
        assertEverythingArrived();
        Rig.await(() -> listener.status().unsettled() == 0);
        assertThat(metrics.count("set-aside")).isZero();
    }

    @Test
    void waitsForABrokerThatHangs() {
        Relay relay = relay(rig.broker("order"), Rig.relaySettings(100, Duration.ofSeconds(2)));
        listen(rig.broker("stock"));
        append(200);
        Rig.await(() -> inbox.size() > 20);
        node.pause();
        append(200);
        Rig.await(() -> relay.status().state() == RelayStatus.State.CONNECTING);
        assertThat(outbox.isLeased()).isFalse();
        node.resume();
        assertEverythingArrived();
    }

    @Test
    void holdsNoLeaseWhileTheBrokerHasBlockedPublishing() {
        Relay relay = relay(rig.broker("order"), Rig.relaySettings(10, Duration.ofSeconds(1)));
        Listener listener = listen(rig.broker("stock"));
        append(20);
        assertEverythingArrived();
        Alarm.raise(node);
        append(500);
        Rig.await(() -> relay.status().state() == RelayStatus.State.BLOCKED);
        assertThat(relay.status().blocked()).isNotBlank();
        assertThat(relay.status().lag(Events.TIME.plusSeconds(60))).isPositive();
        Rig.await(() -> !outbox.isLeased());
        assertThat(listener.status().state()).isEqualTo(ListenerStatus.State.LISTENING);
        Alarm.clear(node);
        assertEverythingArrived();
        assertThat(relay.status().blocked()).isNull();
        assertThat(metrics.count("connection-lost-relay")).isZero();
    }

    @Test
    void stopsInBoundedTimeWhileTheBrokerHangs() {
        Relay relay = relay(rig.broker("order"), Rig.relaySettings(100, Duration.ofSeconds(60)));
        Listener listener = listen(rig.broker("stock"));
        append(20);
        assertEverythingArrived();
        node.pause();
        try {
            append(200);
            Rig.await(() -> relay.status().inFlight() > 0);
            long start = System.nanoTime();
            relay.stop();
            listener.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
            assertThat(relay.status().state()).isEqualTo(RelayStatus.State.STOPPED);
            assertThat(outbox.isLeased()).isFalse();
        } finally {
            node.resume();
        }
        relay.start();
        listener.start();
        assertEverythingArrived();
    }
}
