package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the broker itself refuses, with the users and permissions of the definitions. */
class LeastPrivilegeIT {

    private final Rig rig = Rig.provided();

    @AfterEach
    void close() {
        rig.close();
    }

    private void assertRefused(Channel channel, String exchange, EnvelopeCodec.Message message, String reason)
            throws Exception {
        channel.confirmSelect();
        assertThatThrownBy(() -> {
                    channel.basicPublish(exchange, message.routingKey(), message.properties(), message.body());
                    channel.waitForConfirmsOrDie(10_000);
                })
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(ShutdownSignalException.class),
                        failure -> assertThat(failure).isInstanceOf(IOException.class));
        Rig.await(() -> !channel.isOpen());
        assertThat(String.valueOf(channel.getCloseReason())).contains(reason);
    }

    private static EnvelopeCodec.Message message(String context) throws Exception {
        return new EnvelopeCodec()
                .encode(Events.event(context.equals("order") ? Events.PLACED : Events.RESERVED, "e-1", "order-1", 1));
    }

    @Test
    void stockCannotPublishToAnothersExchange() throws Exception {
        assertRefused(rig.channel("stock"), "payment.events", message("stock"), "ACCESS_REFUSED");
        assertRefused(rig.channel("stock"), "order.events", message("stock"), "ACCESS_REFUSED");
    }

    @Test
    void stockCannotPublishToTheDefaultExchange() throws Exception {
        assertRefused(rig.channel("stock"), "", message("stock"), "ACCESS_REFUSED");
    }

    @Test
    void stockCannotPublishInAnothersName() throws Exception {
        assertRefused(rig.channel("stock"), "stock.events", message("order"), "ACCESS_REFUSED");
        EnvelopeCodec.Message own = message("stock");
        assertRefused(
                rig.channel("stock"),
                "stock.events",
                new EnvelopeCodec.Message(
                        own.routingKey(),
                        own.properties().builder().userId("order").build(),
                        own.body()),
                "user_id");
    }

    @Test
    void stockCannotBindToWhatIsForPaymentOnly() throws Exception {
        Channel channel = rig.channel("stock");
        assertThatThrownBy(() -> channel.queueBind("stock.inbox", "order.events", Events.REQUESTED.wireType()))
                .hasRootCauseInstanceOf(ShutdownSignalException.class)
                .rootCause()
                .hasMessageContaining("ACCESS_REFUSED");
        Channel another = rig.channel("stock");
        assertThatThrownBy(() -> another.queueBind("stock.inbox", "order.events", "#"))
                .rootCause()
                .hasMessageContaining("ACCESS_REFUSED");
        TopologySpec greedy = new TopologySpec("stock", java.util.Set.of(Events.REQUESTED), java.util.Map.of());
        assertThatThrownBy(() -> new Topology(greedy, rig.broker("stock"), rig.management("stock"))
                        .declare(Duration.ofSeconds(1)))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("order.payment-requested.v1")
                .hasMessageContaining("set_topic_permissions");
    }

    @Test
    void stockCannotReadAnothersQueue() throws Exception {
        Channel channel = rig.channel("stock");
        assertThatThrownBy(() -> channel.basicGet("order.inbox", false))
                .rootCause()
                .hasMessageContaining("ACCESS_REFUSED");
    }

    @Test
    void aRelayWithTheWrongUserHaltsAndSaysWhy() {
        RecordingOutbox outbox = new RecordingOutbox();
        outbox.append(Events.PLACED, "order-1");
        Relay relay = rig.start(Relay.builder(Events.spec("order"), rig.broker("stock"), outbox)
                .settings(Rig.quickRelay())
                .build());
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        assertThat(relay.status().lastError()).contains("order.events", "permissions of user stock");
    }
}
