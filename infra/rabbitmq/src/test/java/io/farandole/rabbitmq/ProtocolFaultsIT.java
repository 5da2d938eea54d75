package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.farandole.messaging.Envelope;
import io.farandole.testservers.AmqpProxy;
import io.farandole.testservers.AmqpProxy.Method;
import io.farandole.testservers.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Relay and listener where single methods of the protocol are lost, between any two of their steps. */
class ProtocolFaultsIT {

    private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(1);

    private final Rig rig = Rig.provided();
    private final AmqpProxy proxy = AmqpProxy.to(RabbitServer.shared());
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final RecordingInbox inbox = new RecordingInbox();
    private final CountingMetrics metrics = new CountingMetrics();
    private final Random random = new Random(20261122);

    @AfterEach
    void close() {
        rig.close();
        proxy.close();
    }

    /** The broker has the event, and nothing that comes later tells the relay so. */
    @Test
    void aSwallowedConfirmEndsInARepublicationUnderTheSameId() {
        Relay relay = relay(viaProxy("order"));
        listen(rig.broker("stock"));
        append(1);
        assertEverythingArrived();

        proxy.swallow(Method.CONFIRM);
        long before = proxy.seen(Method.PUBLISH);
        Envelope event = outbox.append(Events.PLACED, "order-1");
        Rig.await(() -> metrics.count("confirm-timed-out") == 1);
        assertEverythingArrived();
        Rig.await(() -> inbox.duplicates() == 1);
        assertThat(proxy.seen(Method.PUBLISH)).isEqualTo(before + 2);
        assertThat(inbox.ids().stream().filter(event.id()::equals)).hasSize(1);
        Rig.await(() -> relay.status().state() == RelayStatus.State.RELAYING
                && relay.status().lastError() == null);
    }

    /** A later confirm may speak for the one that was lost ("multiple"), or the relay publishes again: both are right. */
    @Test
    void confirmsThatAreSwallowedAmongOthersCostNothingButTime() {
        relay(viaProxy("order"));
        listen(rig.broker("stock"));
        for (int round = 1; round <= 4; round++) {
            proxy.swallow(Method.CONFIRM, random.nextInt(3));
            append(120);
            int expected = round;
            Rig.await(() -> proxy.struck() == expected);
        }
        assertEverythingArrived();
    }

    @Test
    void aCutAfterThePublicationAndBeforeItsConfirmDoublesNothing() {
        relay(viaProxy("order"));
        listen(rig.broker("stock"));
        for (int round = 1; round <= 5; round++) {
            proxy.cutInsteadOf(Method.CONFIRM, random.nextInt(3));
            append(120);
            int expected = round;
            Rig.await(() -> proxy.struck() == expected);
        }
        assertEverythingArrived();
        assertThat(inbox.duplicates()).as("published again").isPositive();
    }

    /** The broker takes nothing of it, and the relay counts on a confirm that cannot come. */
    @Test
    void aSwallowedPublicationIsPublishedAgain() {
        relay(viaProxy("order"));
        listen(rig.broker("stock"));
        append(1);
        assertEverythingArrived();
        proxy.swallow(Method.PUBLISH);
        append(1);
        Rig.await(() -> proxy.struck() == 1);
        assertEverythingArrived();
    }

    @Test
    void aCutAfterADeliveryAndBeforeItsAcknowledgementIsHandedOnDoublesNothing() {
        relay(rig.broker("order"));
        Listener listener = listen(viaProxy("stock"));
        for (int round = 1; round <= 5; round++) {
            proxy.cutInsteadOf(Method.ACKNOWLEDGEMENT, random.nextInt(2));
            append(120);
            int expected = round;
            Rig.await(() -> proxy.struck() == expected);
        }
        assertEverythingArrived();
        assertSettled(listener);
        assertThat(inbox.duplicates()).as("delivered again").isPositive();
    }

    @Test
    void anAcknowledgementThatIsSwallowedBeforeACutDoublesNothing() {
        relay(rig.broker("order"));
        Listener listener = listen(viaProxy("stock"));
        append(1);
        assertEverythingArrived();
        assertSettled(listener);
        proxy.swallow(Method.ACKNOWLEDGEMENT);
        append(1);
        Rig.await(() -> proxy.struck() == 1);
        proxy.network().cut();
        Rig.await(() -> inbox.duplicates() == 1);
        append(40);
        assertEverythingArrived();
        assertSettled(listener);
    }

    /** Everything at once, on both sides. */
    @Test
    void whateverIsLostOnBothSidesNothingIsLostOrDoubledAndOrderIsKept() {
        relay(viaProxy("order"));
        Listener listener = listen(viaProxy("stock"));
        for (int round = 1; round <= 8; round++) {
            Method method = List.of(Method.CONFIRM, Method.ACKNOWLEDGEMENT).get(random.nextInt(2));
            if (random.nextBoolean()) {
                proxy.cutInsteadOf(method, random.nextInt(3));
            } else {
                proxy.swallow(method, random.nextInt(3));
            }
            append(100);
            int before = inbox.size();
            Rig.await(() ->
                    inbox.size() > before || inbox.size() == outbox.events().size());
        }
        assertEverythingArrived();
        // What is still planned may hit the last acknowledgements.
        append(50);
        assertEverythingArrived();
        Rig.await(() -> listener.status().unsettled() == 0);
        assertThat(proxy.struck()).isPositive();
        assertThat(metrics.count("set-aside")).isZero();
    }

    private Broker viaProxy(String context) {
        ConnectionFactory factory = rig.factory(context);
        factory.setHost(proxy.host());
        factory.setPort(proxy.port());
        return Broker.of(factory);
    }

    private Relay relay(Broker broker) {
        return rig.start(Relay.builder(Events.spec("order"), broker, outbox)
                .settings(Rig.relaySettings(100, CONFIRM_TIMEOUT))
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

    /** The broker knows of everything that is done: nothing is delivered a second time to whoever comes next. */
    private void assertSettled(Listener listener) {
        Rig.await(() -> listener.status().unsettled() == 0);
        assertThat(metrics.count("set-aside")).isZero();
    }
}
