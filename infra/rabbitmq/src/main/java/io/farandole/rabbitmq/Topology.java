package io.farandole.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.farandole.messaging.EventType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a context has on the broker, declared or verified against its {@link TopologySpec}. Run it before relay and
 * listener start. Every connection is closed again.
 *
 * <p>With a {@link BrokerManagement} everything is verified: existence, types, arguments, policies, and all bindings, on
 * both sides. Without it, only that exchanges and queues exist and have the right type and arguments; policies cannot be
 * seen, missing bindings of one's own inbox neither, and the producer's {@code mandatory} tells a missing binding only
 * where nobody at all receives the event. {@link #verify} says so in its warnings.
 */
public final class Topology {

    private static final Logger LOG = LoggerFactory.getLogger(Topology.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Map<String, Object> INBOX_ARGUMENTS =
            Map.of("x-queue-type", "quorum", "x-single-active-consumer", true);
    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

    private final TopologySpec spec;
    private final Broker broker;
    private final @Nullable TopologyInspection inspection;

    /** The topology of one context; {@code management} is null where the management API cannot be reached. */
    public Topology(TopologySpec spec, Broker broker, @Nullable BrokerManagement management) {
        this.spec = spec;
        this.broker = broker;
        this.inspection = management == null ? null : new TopologyInspection(spec, management, broker.virtualHost());
    }

    /** The check that the relay repeats while it publishes; empty without a management API. */
    public Optional<BindingCheck> bindingCheck() {
        return inspection == null ? Optional.empty() : Optional.of(inspection::missingFollowers);
    }

    /**
     * Declares the context's own exchanges and queues and binds its inbox to the exchanges of the contexts that it
     * follows. Idempotent; deletes nothing. Policies are not declared: that takes an administrator.
     *
     * @param patience how long to wait for exchanges of other contexts, which these declare themselves
     * @throws TopologyException if something exists otherwise, is refused, or another context's exchange is not there
     * @throws BrokerUnavailableException if the broker cannot be reached
     */
    public void declare(Duration patience) {
        try (Connection connection = broker.connect("farandole-topology-" + spec.context())) {
            List<String> problems = new ArrayList<>();
            exchange(problems, connection, spec.exchange(), "topic");
            exchange(problems, connection, spec.parking(), "direct");
            exchange(problems, connection, spec.backfill(), "direct");
            queue(problems, connection, spec.inbox(), INBOX_ARGUMENTS);
            queue(problems, connection, spec.backfill(), INBOX_ARGUMENTS);
            queue(problems, connection, spec.deadLetters(), QUORUM);
            queue(problems, connection, spec.unhandled(), QUORUM);
            failOn(problems);
            bind(problems, connection, spec.inbox(), spec.parking(), TopologySpec.TO_INBOX);
            bind(problems, connection, spec.deadLetters(), spec.parking(), TopologySpec.TO_DEAD_LETTERS);
            bind(problems, connection, spec.unhandled(), spec.parking(), TopologySpec.TO_UNHANDLED);
            awaitExchangesOfOthers(connection, patience);
            for (EventType type : spec.follows()) {
                bind(problems, connection, spec.inbox(), TopologySpec.exchangeOf(type.context()), type.wireType());
            }
            failOn(problems);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw new BrokerUnavailableException(broker.describe(e), e);
        }
    }

    /**
     * Verifies, changes nothing.
     *
     * @return warnings: what is weaker than it could be, but safe to start with; also logged
     * @throws TopologyException if the context could lose or misplace events; names every problem found
     * @throws BrokerUnavailableException if the broker or its management API cannot be reached
     */
    public List<String> verify() {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (!broker.user().equals(spec.context())) {
            problems.add(
                    "Connections authenticate as user " + broker.user() + ", but events are published with user-id "
                            + spec.context() + ", which the broker accepts from that user only. Use the broker user "
                            + spec.context() + ".");
        }
        try (Connection connection = broker.connect("farandole-topology-" + spec.context())) {
            verifyOverAmqp(connection, problems);
            if (inspection == null) {
                warnings.add("No management URL is configured: policies and bindings of " + spec.inbox()
                        + " are not verified, nor whether every follower of " + spec.exchange()
                        + " is bound. Configure the management URL of RabbitMQ.");
            } else {
                inspection.verify(versionOf(connection), problems, warnings);
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw new BrokerUnavailableException(broker.describe(e), e);
        }
        failOn(problems);
        warnings.forEach(warning -> LOG.warn("Context {}: {}", spec.context(), warning));
        return List.copyOf(warnings);
    }

    private void verifyOverAmqp(Connection connection, List<String> problems) throws IOException {
        for (String name : List.of(spec.exchange(), spec.parking(), spec.backfill())) {
            String type = name.equals(spec.exchange()) ? "topic" : "direct";
            if (isThere(problems, "exchange", name, connection, channel -> channel.exchangeDeclarePassive(name))) {
                exchange(problems, connection, name, type);
            }
        }
        for (String name : List.of(spec.inbox(), spec.backfill(), spec.deadLetters(), spec.unhandled())) {
            if (isThere(problems, "queue", name, connection, channel -> channel.queueDeclarePassive(name))) {
                queue(
                        problems,
                        connection,
                        name,
                        Set.of(spec.inbox(), spec.backfill()).contains(name) ? INBOX_ARGUMENTS : QUORUM);
            }
        }
        for (String exchange : exchangesOfOthers()) {
            isThere(problems, "exchange", exchange, connection, channel -> channel.exchangeDeclarePassive(exchange));
        }
    }

    private Set<String> exchangesOfOthers() {
        return spec.follows().stream()
                .map(type -> TopologySpec.exchangeOf(type.context()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isThere(
            List<String> problems, String kind, String name, Connection connection, ChannelAction passiveDeclare)
            throws IOException {
        Optional<String> refusal = attempt(connection, passiveDeclare);
        refusal.ifPresent(text -> problems.add(
                text.contains("NOT_FOUND")
                        ? "The " + kind + " " + name + " is missing in virtual host " + broker.virtualHost()
                                + ". Load the definitions (infra/services start does), or start "
                                + (name.startsWith(spec.context() + ".")
                                        ? spec.context() + " with declaring switched on."
                                        : "the context " + name.substring(0, name.indexOf('.')) + ".")
                        : "The " + kind + " " + name + " cannot be looked at: " + text));
        return refusal.isEmpty();
    }

    private void exchange(List<String> problems, Connection connection, String name, String type) throws IOException {
        attempt(connection, channel -> channel.exchangeDeclare(name, type, true))
                .ifPresent(text -> problems.add(otherwise("exchange", name, "a durable " + type + " exchange", text)));
    }

    private void queue(List<String> problems, Connection connection, String name, Map<String, Object> arguments)
            throws IOException {
        String expected = arguments.equals(INBOX_ARGUMENTS)
                ? "a durable quorum queue with x-single-active-consumer"
                : "a durable quorum queue";
        attempt(connection, channel -> channel.queueDeclare(name, true, false, false, arguments))
                .ifPresent(text -> problems.add(otherwise("queue", name, expected, text)));
    }

    private String otherwise(String kind, String name, String expected, String text) {
        if (text.contains("ACCESS_REFUSED")) {
            return "User " + broker.user() + " may not declare the " + kind + " " + name
                    + ". Permit it: rabbitmqctl set_permissions -p " + broker.virtualHost() + " " + spec.context()
                    + " '^" + spec.context() + "\\..*' '^" + spec.context() + "\\..*' '^(" + spec.context()
                    + "\\..*|.*\\.events)$'";
        }
        String remedy = kind.equals("queue")
                ? "Empty it, then delete it (rabbitmqctl -p " + broker.virtualHost() + " delete_queue " + name
                        + ") and start again."
                : "Delete it with the management UI or API and start again.";
        return "The " + kind + " " + name + " in virtual host " + broker.virtualHost() + " must be " + expected
                + ", and is not: " + text + ". " + remedy;
    }

    private void bind(List<String> problems, Connection connection, String queue, String exchange, String routingKey)
            throws IOException {
        attempt(connection, channel -> channel.queueBind(queue, exchange, routingKey))
                .ifPresent(text -> problems.add("The queue " + queue + " cannot be bound to " + exchange + " with "
                        + routingKey + ": " + text
                        + (text.contains("ACCESS_REFUSED")
                                ? ". If " + spec.context() + " may know these events, let its user read them: the topic"
                                        + " permission of " + spec.context() + " on " + exchange
                                        + " must match that routing key (rabbitmqctl set_topic_permissions -p "
                                        + broker.virtualHost() + " " + spec.context() + " " + exchange
                                        + " '' '<read pattern>')."
                                : ".")));
    }

    private void awaitExchangesOfOthers(Connection connection, Duration patience) throws IOException {
        List<String> missing = new ArrayList<>();
        long deadline = System.nanoTime() + patience.toNanos();
        for (String exchange : exchangesOfOthers()) {
            Optional<String> refusal = attempt(connection, channel -> channel.exchangeDeclarePassive(exchange));
            while (refusal.isPresent()
                    && System.nanoTime() < deadline
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                refusal = attempt(connection, channel -> channel.exchangeDeclarePassive(exchange));
            }
            refusal.ifPresent(text -> missing.add("The exchange " + exchange + " is missing in virtual host "
                    + broker.virtualHost() + ", and " + spec.context() + " follows events of it. Start the context "
                    + exchange.substring(0, exchange.indexOf('.'))
                    + " as well, or load the definitions (infra/services start does)."));
        }
        failOn(missing);
    }

    private void failOn(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new TopologyException(spec.context(), problems);
        }
    }

    private static String versionOf(Connection connection) {
        Object version = connection.getServerProperties().get("version");
        return version == null ? "" : version.toString();
    }

    /** Runs one action on a channel of its own, because a refusal closes the channel; the refusal's text if there is one. */
    static Optional<String> attempt(Connection connection, ChannelAction action) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("The connection allows no further channel");
        }
        try {
            action.on(channel);
            channel.abort();
            return Optional.empty();
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException refusal && !refusal.isHardError()) {
                return Optional.of(refusalText(refusal));
            }
            throw e;
        }
    }

    private static String refusalText(ShutdownSignalException refusal) {
        if (refusal.getReason() instanceof com.rabbitmq.client.AMQP.Channel.Close close) {
            return close.getReplyText();
        }
        return String.valueOf(refusal.getMessage());
    }

    @FunctionalInterface
    interface ChannelAction {
        Object on(Channel channel) throws IOException;
    }
}
