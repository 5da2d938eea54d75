package io.farandole.rabbitmq;

import io.farandole.messaging.EventType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** What only the management API shows: policies and bindings. Thread-safe. */
final class TopologyInspection {

    private static final String LOAD = " Or load the definitions: infra/services start does.";

    private static final Duration POLICY_PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLICY_LOOK = Duration.ofMillis(250);

    private final TopologySpec spec;
    private final BrokerManagement management;
    private final String virtualHost;

    TopologyInspection(TopologySpec spec, BrokerManagement management, String virtualHost) {
        this.spec = spec;
        this.management = management;
        this.virtualHost = virtualHost;
    }

    void verify(String brokerVersion, List<String> problems, List<String> warnings) throws IOException {
        List<String> policyProblems = policyProblems(brokerVersion);
        // The broker shows a queue's policy with its statistics, which it gathers every five seconds: what is not there
        // yet, or was set just now, deserves a second look.
        long deadline = System.nanoTime() + POLICY_PATIENCE.toNanos();
        while (problems.isEmpty()
                && !policyProblems.isEmpty()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLICY_LOOK.toNanos());
            policyProblems = policyProblems(brokerVersion);
        }
        problems.addAll(policyProblems);
        if (management.queue(spec.inbox()).isPresent()) {
            verifyBindings(problems);
        }
        Optional<JsonNode> outgoing = management.await(management.bindingsFrom(spec.exchange()));
        if (outgoing.isPresent()) {
            Set<Binding> present = bindings(outgoing.get());
            warnings.addAll(missingFollowers(present));
            warnings.addAll(undeclaredFollowers(present));
        }
    }

    private List<String> policyProblems(String brokerVersion) throws IOException {
        List<String> problems = new ArrayList<>();
        management.queue(spec.inbox()).ifPresent(queue -> verifyInboxPolicy(queue, problems));
        boolean defaultLimitDrops = majorOf(brokerVersion) >= 4;
        for (String name : List.of(spec.unhandled(), spec.deadLetters())) {
            Optional<JsonNode> queue = defaultLimitDrops ? management.queue(name) : Optional.empty();
            if (queue.isPresent() && limitOf(queue.get()) < TopologySpec.MIN_DELIVERY_LIMIT) {
                problems.add("The queue " + name
                        + " has no policy with a high delivery-limit: this broker's default drops"
                        + " a message that was looked at 20 times. Set it: rabbitmqctl set_policy -p " + virtualHost
                        + " --apply-to queues " + name.replace('.', '-') + " '^" + name.replace(".", "\\.")
                        + "$' '{\"delivery-limit\":" + TopologySpec.DELIVERY_LIMIT + "}'." + LOAD);
            }
        }
        return problems;
    }

    CompletionStage<List<String>> missingFollowers() {
        return management.bindingsFrom(spec.exchange()).thenApply(answer -> answer.map(
                        found -> missingFollowers(bindings(found)))
                .orElseGet(() -> List.of("The exchange " + spec.exchange() + " is missing in virtual host "
                        + virtualHost + "." + LOAD)));
    }

    private void verifyInboxPolicy(JsonNode queue, List<String> problems) {
        JsonNode policy = queue.path("effective_policy_definition");
        List<String> wrong = new ArrayList<>();
        require(wrong, policy, "dead-letter-exchange", spec.parking());
        require(wrong, policy, "dead-letter-routing-key", TopologySpec.TO_DEAD_LETTERS);
        require(wrong, policy, "dead-letter-strategy", "at-least-once");
        require(wrong, policy, "overflow", "reject-publish");
        if (limitOf(queue) < TopologySpec.MIN_DELIVERY_LIMIT) {
            wrong.add("delivery-limit must be at least " + TopologySpec.MIN_DELIVERY_LIMIT + " and is "
                    + policy.path("delivery-limit").asString("not set"));
        }
        if (!wrong.isEmpty()) {
            problems.add("The queue " + spec.inbox() + " in virtual host " + virtualHost
                    + " has not the policy that it needs: " + String.join("; ", wrong)
                    + ". Set it: rabbitmqctl set_policy"
                    + " -p " + virtualHost + " --apply-to queues " + spec.context() + "-inbox '^" + spec.context()
                    + "\\.inbox$' '{\"dead-letter-exchange\":\"" + spec.parking()
                    + "\",\"dead-letter-routing-key\":\"" + TopologySpec.TO_DEAD_LETTERS
                    + "\",\"dead-letter-strategy\":\"at-least-once\",\"overflow\":\"reject-publish\",\"delivery-limit\":"
                    + TopologySpec.DELIVERY_LIMIT + "}'." + LOAD);
        }
    }

    private static void require(List<String> wrong, JsonNode policy, String key, String expected) {
        String found = policy.path(key).asString("not set");
        if (!found.equals(expected)) {
            wrong.add(key + " must be " + expected + " and is " + found);
        }
    }

    private static long limitOf(JsonNode queue) {
        return queue.path("effective_policy_definition").path("delivery-limit").asLong(0);
    }

    private void verifyBindings(List<String> problems) throws IOException {
        Set<Binding> expected = new TreeSet<>();
        for (EventType type : spec.follows()) {
            expected.add(new Binding(TopologySpec.exchangeOf(type.context()), type.wireType(), spec.inbox()));
        }
        expected.add(new Binding(spec.parking(), TopologySpec.TO_INBOX, spec.inbox()));
        Set<Binding> present = management
                .bindingsTo(spec.inbox())
                .map(TopologyInspection::bindings)
                .orElseGet(TreeSet::new);
        for (Binding binding : present) {
            if (!expected.contains(binding)) {
                problems.add("The queue " + spec.inbox() + " is bound to " + binding.exchange() + " with "
                        + binding.routingKey() + ", which " + spec.context()
                        + " does not follow: such events would be set aside to " + spec.unhandled()
                        + ". Declare that it follows them, or remove the binding (rabbitmqadmin -V " + virtualHost
                        + " delete binding source=" + binding.exchange() + " destination_type=queue destination="
                        + spec.inbox() + " properties_key=" + binding.routingKey() + ").");
            }
        }
        expected.add(new Binding(spec.parking(), TopologySpec.TO_UNHANDLED, spec.unhandled()));
        expected.add(new Binding(spec.parking(), TopologySpec.TO_DEAD_LETTERS, spec.deadLetters()));
        for (String queue : List.of(spec.unhandled(), spec.deadLetters())) {
            management.bindingsTo(queue).ifPresent(found -> present.addAll(bindings(found)));
        }
        for (Binding binding : expected) {
            if (!present.contains(binding)) {
                problems.add("The queue " + binding.queue() + " is not bound to " + binding.exchange() + " with "
                        + binding.routingKey() + ". Bind it: " + bindCommand(binding) + "." + LOAD);
            }
        }
    }

    private List<String> missingFollowers(Set<Binding> present) {
        List<String> missing = new ArrayList<>();
        spec.publishes().forEach((type, followers) -> {
            for (String follower : followers) {
                Binding binding = new Binding(spec.exchange(), type.wireType(), TopologySpec.inboxOf(follower));
                if (!present.contains(binding)) {
                    missing.add("Context " + follower + " follows " + type + ", but " + binding.queue()
                            + " is not bound to " + binding.exchange() + " with " + binding.routingKey()
                            + ". Start " + follower + " with declaring switched on, or bind it: " + bindCommand(binding)
                            + "." + LOAD);
                }
            }
        });
        return missing;
    }

    private List<String> undeclaredFollowers(Set<Binding> present) {
        List<String> undeclared = new ArrayList<>();
        for (Binding binding : present) {
            boolean declared = spec.publishes().entrySet().stream()
                    .anyMatch(published -> published.getKey().wireType().equals(binding.routingKey())
                            && published.getValue().stream().anyMatch(follower -> TopologySpec.inboxOf(follower)
                                    .equals(binding.queue())));
            if (!declared) {
                undeclared.add("The queue " + binding.queue() + " is bound to " + binding.exchange() + " with "
                        + binding.routingKey() + ", and no follower is declared for that.");
            }
        }
        return undeclared;
    }

    private String bindCommand(Binding binding) {
        return "rabbitmqadmin -V " + virtualHost + " declare binding source=" + binding.exchange()
                + " destination_type=queue destination=" + binding.queue() + " routing_key=" + binding.routingKey();
    }

    private static Set<Binding> bindings(JsonNode answer) {
        Set<Binding> bindings = new TreeSet<>();
        for (JsonNode binding : answer) {
            String source = binding.path("source").asString("");
            // Every queue is bound to the default exchange by its name.
            if (!source.isEmpty()) {
                bindings.add(new Binding(
                        source,
                        binding.path("routing_key").asString(""),
                        binding.path("destination").asString("")));
            }
        }
        return bindings;
    }

    private static int majorOf(String version) {
        int dot = version.indexOf('.');
        try {
            return dot < 1 ? 0 : Integer.parseInt(version.substring(0, dot));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private record Binding(String exchange, String routingKey, String queue) implements Comparable<Binding> {
        @Override
        public int compareTo(Binding other) {
            int byExchange = exchange.compareTo(other.exchange);
            int byKey = byExchange != 0 ? byExchange : routingKey.compareTo(other.routingKey);
            return byKey != 0 ? byKey : queue.compareTo(other.queue);
        }
    }
}
