package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.testservers.Patience;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Three contexts in a virtual host of their own, with the users, permissions and policies of production. */
final class Rig implements AutoCloseable {

    private final TestBroker vhost;
    private final Map<String, TestBroker.ContextUser> users = new HashMap<>();
    private final Deque<Runnable> toClose = new ArrayDeque<>();

    private Rig(TestBroker vhost) {
        this.vhost = vhost;
    }

    /** Everything that the three contexts have in production. */
    static Rig provided() {
        return provided(RabbitServer.shared());
    }

    static Rig provided(RabbitServer server) {
        Rig rig = new Rig(server.createVhost());
        for (String context : List.of("order", "stock", "payment")) {
            rig.users.put(context, rig.vhost.provideContext(context, follows(context)));
        }
        return rig;
    }

    /** Users, permissions and policies only. */
    static Rig withUsers() {
        Rig rig = new Rig(RabbitServer.shared().createVhost());
        for (String context : List.of("order", "stock", "payment")) {
            rig.users.put(context, rig.vhost.contextUser(context, follows(context)));
        }
        return rig;
    }

    private static List<String> follows(String context) {
        return Events.spec(context).follows().stream().map(EventType::wireType).toList();
    }

    TestBroker vhost() {
        return vhost;
    }

    TestBroker.ContextUser user(String context) {
        TestBroker.ContextUser user = users.get(context);
        if (user == null) {
            throw new IllegalArgumentException(context);
        }
        return user;
    }

    ConnectionFactory factory(String context) {
        return vhost.connectionFactory(user(context));
    }

    Broker broker(String context) {
        return Broker.of(factory(context));
    }

    BrokerManagement management(String context) {
        return new BrokerManagement(
                URI.create(vhost.managementUrl()),
                context,
                user(context).password(),
                vhost.vhost(),
                Duration.ofSeconds(5));
    }

    Topology topology(String context) {
        return new Topology(Events.spec(context), broker(context), management(context));
    }

    Relay start(Relay relay) {
        toClose.push(relay::stop);
        relay.start();
        return relay;
    }

    Listener start(Listener listener) {
        toClose.push(listener::stop);
        listener.start();
        return listener;
    }

    Connection connection(String context) throws Exception {
        Connection connection = factory(context).newConnection();
        toClose.push(() -> connection.abort(1_000));
        return connection;
    }

    Channel adminChannel() throws Exception {
        Connection connection = vhost.adminConnectionFactory().newConnection();
        toClose.push(() -> connection.abort(1_000));
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IllegalStateException("no channel");
        }
        return channel;
    }

    Channel channel(String context) throws Exception {
        Channel channel = connection(context).createChannel();
        if (channel == null) {
            throw new IllegalStateException("no channel");
        }
        return channel;
    }

    /** Publishes an event as its context would, without the relay. */
    static void publish(Channel channel, Envelope event) throws Exception {
        EnvelopeCodec.Message message = new EnvelopeCodec().encode(event);
        publish(channel, event.source(), message.routingKey(), message.properties(), message.body());
    }

    static void publish(Channel channel, String source, String routingKey, BasicProperties properties, byte[] body)
            throws Exception {
        channel.basicPublish(TopologySpec.exchangeOf(source), routingKey, properties, body);
    }

    void unbind(String context, EventType type) throws Exception {
        adminChannel()
                .queueUnbind(TopologySpec.inboxOf(context), TopologySpec.exchangeOf(type.context()), type.wireType());
    }

    void bind(String context, EventType type) throws Exception {
        adminChannel()
                .queueBind(TopologySpec.inboxOf(context), TopologySpec.exchangeOf(type.context()), type.wireType());
    }

    /** How many messages a queue holds ready; exact at once, unlike the management API's figures. */
    long ready(String queue) throws Exception {
        Channel channel = adminChannel();
        try {
            return channel.messageCount(queue);
        } finally {
            channel.getConnection().abort(1_000);
        }
    }

    static void await(BooleanSupplier condition) {
        Patience.await().pollInterval(Duration.ofMillis(20)).until(condition::getAsBoolean);
    }

    /** Settings that react quickly. */
    static RelaySettings quickRelay() {
        return relaySettings(100, Duration.ofSeconds(5));
    }

    static RelaySettings relaySettings(int window, Duration confirmTimeout) {
        return new RelaySettings(
                window,
                500,
                confirmTimeout,
                Duration.ofMillis(5),
                Duration.ofMillis(100),
                100,
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofMillis(100),
                Duration.ofSeconds(3));
    }

    static ListenerSettings quickListener() {
        return new ListenerSettings(
                250,
                100,
                Duration.ofMillis(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofSeconds(3));
    }

    @Override
    public void close() {
        while (!toClose.isEmpty()) {
            toClose.pop().run();
        }
        vhost.close();
    }
}
