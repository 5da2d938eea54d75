package io.farandole.testservers;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.farandole.testservers.AmqpProxy.Method;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AmqpProxyIT {

    private static final String QUEUE = "q";
    private static final byte[] SMALL = {1};
    /** Several body frames. */
    private static final byte[] LARGE = new byte[400_000];

    private final TestBroker broker = RabbitServer.shared().createVhost();
    private final AmqpProxy proxy = AmqpProxy.to(broker.server());
    private Channel direct;
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        direct = channel(broker.adminConnectionFactory().newConnection());
        direct.queueDeclare(QUEUE, true, false, false, null);
        reconnect();
    }

    private void reconnect() throws Exception {
        ConnectionFactory factory = broker.adminConnectionFactory();
        factory.setHost(proxy.host());
        factory.setPort(proxy.port());
        connection = factory.newConnection();
        channel = channel(connection);
        channel.confirmSelect();
    }

    @AfterEach
    void close() {
        connection.abort(1_000);
        direct.getConnection().abort(1_000);
        proxy.close();
        broker.close();
    }

    @Test
    void handsOnWhatIsNotHit() throws Exception {
        publish(LARGE);
        publish(SMALL);
        assertThat(channel.waitForConfirms(10_000)).isTrue();
        assertThat(get(true)).isEqualTo(LARGE);
        assertThat(get(true)).isEqualTo(SMALL);
        assertThat(proxy.seen(Method.PUBLISH)).isEqualTo(2);
        assertThat(proxy.struck()).isZero();
    }

    @Test
    void swallowsAConfirmOfWhatTheBrokerHas() throws Exception {
        proxy.swallow(Method.CONFIRM);
        publish(SMALL);
        assertThatThrownBy(() -> channel.waitForConfirms(700)).isInstanceOf(TimeoutException.class);
        assertThat(proxy.struck()).isEqualTo(1);
        assertThat(connection.isOpen()).isTrue();
        assertThat(direct.messageCount(QUEUE)).isEqualTo(1);
    }

    @Test
    void cutsAfterThePublicationHasReachedTheBrokerAndBeforeItsConfirmComesBack() throws Exception {
        proxy.cutInsteadOf(Method.CONFIRM);
        publish(SMALL);
        awaitCut();
        assertThat(direct.messageCount(QUEUE)).isEqualTo(1);
    }

    @Test
    void swallowsAPublicationWithItsContent() throws Exception {
        proxy.swallow(Method.PUBLISH, 1);
        publish(SMALL);
        publish(LARGE);
        publish(SMALL);
        await().until(() -> direct.messageCount(QUEUE) == 2);
        assertThat(get(true)).isEqualTo(SMALL);
        assertThat(get(true)).isEqualTo(SMALL);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void cutsInsteadOfHandingAnAcknowledgementOn() throws Exception {
        publish(SMALL);
        proxy.cutInsteadOf(Method.ACKNOWLEDGEMENT);
        get(false);
        awaitCut();
        await().until(() -> direct.messageCount(QUEUE) == 1);
        assertThat(direct.basicGet(QUEUE, true).getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void swallowsAnAcknowledgementSoThatTheDeliveryComesAgainAfterACut() throws Exception {
        publish(SMALL);
        proxy.swallow(Method.ACKNOWLEDGEMENT);
        get(false);
        await().until(() -> proxy.struck() == 1);
        assertThat(connection.isOpen()).isTrue();
        assertThat(direct.messageCount(QUEUE)).as("ready").isZero();
        proxy.network().cut();
        await().until(() -> direct.messageCount(QUEUE) == 1);
        reconnect();
        assertThat(get(true)).isEqualTo(SMALL);
    }

    private void publish(byte[] body) throws Exception {
        channel.basicPublish("", QUEUE, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
    }

    /** Waits for a message; acknowledged by the broker itself, or by a method of its own. */
    private byte[] get(boolean automatically) throws Exception {
        GetResponse got = await().until(() -> channel.basicGet(QUEUE, automatically), Objects::nonNull);
        if (!automatically) {
            channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        }
        return got.getBody();
    }

    private void awaitCut() {
        await().until(() -> !connection.isOpen());
        assertThat(proxy.struck()).isEqualTo(1);
    }

    private static Channel channel(Connection connection) throws Exception {
        return Objects.requireNonNull(connection.createChannel());
    }
}
