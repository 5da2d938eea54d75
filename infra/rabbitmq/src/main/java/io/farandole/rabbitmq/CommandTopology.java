package io.farandole.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The exchanges and queues through which a context takes commands and answers them ({@code <context>.commands}, {@code .commands.dlq},
 * {@code .replies}), declared or verified. Run it before listener and publisher start. Thread-safe.
 */
public final class CommandTopology {

    private static final Logger LOG = LoggerFactory.getLogger(CommandTopology.class);
    private static final Duration POLICY_PATIENCE = Duration.ofSeconds(15);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Map<String, Object> ONE_CONSUMER =
            Map.of("x-queue-type", "quorum", "x-single-active-consumer", true);
    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

    private final CommandQueues queues;
    private final Broker broker;
    private final @Nullable BrokerManagement management;

    /** That of one context; {@code management} is null where the management API cannot be reached: policy and binding are not verified then. */
    public CommandTopology(String context, Broker broker, @Nullable BrokerManagement management) {
        this.queues = new CommandQueues(context);
        this.broker = broker;
        this.management = management;
    }

    /**
     * Declares what is missing. Policies are not declared: that takes an administrator.
     *
     * @throws TopologyException if something exists otherwise, or is refused
     * @throws BrokerUnavailableException if the broker cannot be reached
     */
    public void declare() {
        onBroker(connection -> {
            List<String> problems = declared(connection);
            Topology.attempt(connection, channel -> channel.queueBind(queues.commands(), queues.commands(), "#"))
                    .ifPresent(problems::add);
            return problems;
        });
    }

    /**
     * Verifies, changes nothing.
     *
     * @throws TopologyException if commands could be lost, or not be answered; names every problem found
     * @throws BrokerUnavailableException if the broker or its management API cannot be reached
     */
    public void verify() {
        onBroker(connection -> {
            List<String> problems = new ArrayList<>();
            for (String exchange : List.of(queues.commands(), queues.replies())) {
                Topology.attempt(connection, channel -> channel.exchangeDeclarePassive(exchange))
                        .ifPresent(text -> problems.add(missing("exchange", exchange, text)));
            }
            for (String queue : List.of(queues.commands(), queues.deadLetters())) {
                Topology.attempt(connection, channel -> channel.queueDeclarePassive(queue))
                        .ifPresent(text -> problems.add(missing("queue", queue, text)));
            }
            if (problems.isEmpty()) {
                // All is there, so declaring changes nothing, and tells what is of another kind.
                problems.addAll(declared(connection));
            }
            if (problems.isEmpty() && management != null) {
                problems.addAll(settled(management));
            } else if (management == null) {
                LOG.warn(
                        "No management URL is configured: policy and binding of {} are not verified. Configure the"
                                + " management URL of RabbitMQ.",
                        queues.commands());
            }
            return problems;
        });
    }

    private List<String> declared(Connection connection) throws IOException {
        List<String> problems = new ArrayList<>();
        for (String exchange : List.of(queues.commands(), queues.replies())) {
            Topology.attempt(connection, channel -> channel.exchangeDeclare(exchange, "topic", true))
                    .ifPresent(text -> problems.add(other("exchange", exchange, "a durable topic exchange", text)));
        }
        Topology.attempt(
                        connection,
                        channel -> channel.queueDeclare(queues.commands(), true, false, false, ONE_CONSUMER))
                .ifPresent(text -> problems.add(other(
                        "queue", queues.commands(), "a durable quorum queue with x-single-active-consumer", text)));
        Topology.attempt(connection, channel -> channel.queueDeclare(queues.deadLetters(), true, false, false, QUORUM))
                .ifPresent(text -> problems.add(other("queue", queues.deadLetters(), "a durable quorum queue", text)));
        return problems;
    }

    /** The broker shows a policy with the statistics, which it gathers every five seconds: what is not there yet deserves a second look. */
    private List<String> settled(BrokerManagement api) throws IOException {
        long deadline = System.nanoTime() + POLICY_PATIENCE.toNanos();
        List<String> problems = policyAndBinding(api);
        while (!problems.isEmpty()
                && System.nanoTime() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            problems = policyAndBinding(api);
        }
        return problems;
    }

    private List<String> policyAndBinding(BrokerManagement api) throws IOException {
        List<String> problems = new ArrayList<>();
        Optional<JsonNode> queue = api.queue(queues.commands());
        Optional<JsonNode> bindings = api.bindingsTo(queues.commands());
        if (queue.isEmpty() || bindings.isEmpty()) {
            return List.of("The queue " + queues.commands() + " has gone");
        }
        JsonNode policy = queue.get().path("effective_policy_definition");
        boolean right = policy.has("dead-letter-exchange")
                && policy.path("dead-letter-exchange").asString("-").isEmpty()
                && policy.path("dead-letter-routing-key").asString("").equals(queues.deadLetters())
                && policy.path("dead-letter-strategy").asString("").equals("at-least-once")
                && policy.path("overflow").asString("").equals("reject-publish")
                && policy.path("delivery-limit").asLong(0) >= TopologySpec.MIN_DELIVERY_LIMIT;
        if (!right) {
            problems.add("The queue " + queues.commands() + " has not the policy that it needs, but " + policy
                    + ". Set it: rabbitmqctl set_policy -p " + broker.virtualHost() + " --apply-to queues "
                    + queues.context() + "-commands '^" + queues.context() + "\\.commands$'"
                    + " '{\"dead-letter-exchange\":\"\",\"dead-letter-routing-key\":\"" + queues.deadLetters()
                    + "\",\"dead-letter-strategy\":\"at-least-once\",\"overflow\":\"reject-publish\",\"delivery-limit\":"
                    + TopologySpec.DELIVERY_LIMIT + "}'");
        }
        boolean bound = false;
        for (JsonNode binding : bindings.get()) {
            bound |= binding.path("source").asString("").equals(queues.commands())
                    && binding.path("routing_key").asString("").equals("#");
        }
        if (!bound) {
            problems.add("The queue " + queues.commands() + " is not bound to the exchange of that name with #");
        }
        return problems;
    }

    private String missing(String kind, String name, String text) {
        return text.contains("NOT_FOUND")
                ? "The " + kind + " " + name + " is missing in virtual host " + broker.virtualHost()
                        + ", and this context accepts commands. Load the definitions (infra/services start does), or start it"
                        + " with declaring switched on"
                : "The " + kind + " " + name + " cannot be looked at: " + text;
    }

    private static String other(String kind, String name, String expected, String text) {
        return "The " + kind + " " + name + " must be " + expected + ": " + text;
    }

    @FunctionalInterface
    private interface Work {
        List<String> on(Connection connection) throws IOException;
    }

    private void onBroker(Work work) {
        List<String> problems;
        try (Connection connection = broker.connect("farandole-topology-" + queues.context())) {
            problems = work.on(connection);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw new BrokerUnavailableException(broker.describe(e), e);
        }
        if (!problems.isEmpty()) {
            throw new TopologyException(queues.context(), problems);
        }
    }
}
