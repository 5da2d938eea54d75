package io.farandole.testservers;

import com.rabbitmq.client.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A virtual host of one test. Thread-safe. Closing it deletes the virtual host with all that it holds, and ends the
 * connections to it; the users of contexts stay (tests that run at the same time share them) but may do nothing more.
 */
public final class TestBroker implements AutoCloseable {

    /**
     * A user with the permissions that production gives a context.
     *
     * @param name the context's name
     * @param password for AMQP and the management API
     */
    public record ContextUser(String name, String password) {

        @Override
        public String toString() {
            return name;
        }
    }

    private final RabbitServer server;
    private final String vhost;

    private TestBroker(RabbitServer server, String vhost) {
        this.server = server;
        this.vhost = vhost;
    }

    static TestBroker create(RabbitServer server, String vhost) {
        ManagementApi management = server.management();
        management.call("PUT", "vhosts/" + vhost, "{}");
        management.call(
                "PUT",
                "permissions/" + vhost + "/" + ManagementApi.encode(server.adminUser()),
                "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
        return new TestBroker(server, vhost);
    }

    /** The broker that it is on. */
    public RabbitServer server() {
        return server;
    }

    /** The broker's host. */
    public String host() {
        return server.host();
    }

    /** The broker's AMQP port. */
    public int port() {
        return server.port();
    }

    /** The virtual host. */
    public String vhost() {
        return vhost;
    }

    /** Base of the management API, without a slash at the end. */
    public String managementUrl() {
        return server.managementUrl();
    }

    /** An administrator, who may do anything in this virtual host. */
    public String adminUser() {
        return server.adminUser();
    }

    /** The administrator's password. */
    public String adminPassword() {
        return server.adminPassword();
    }

    /** Connects as the administrator; automatic recovery is off. */
    public ConnectionFactory adminConnectionFactory() {
        return connectionFactory(adminUser(), adminPassword());
    }

    /** Connects as a context; automatic recovery is off. */
    public ConnectionFactory connectionFactory(ContextUser user) {
        return connectionFactory(user.name(), user.password());
    }

    /**
     * Creates the user of a context with production's permissions (its own {@code <context>.*}, and binding to exactly
     * what it follows) and its policies, but neither exchanges nor queues: for tests of who declares those.
     *
     * @param follows the wire types that it follows, {@code stock.stock-reserved.v1}
     */
    public ContextUser contextUser(String context, Collection<String> follows) {
        provide(context, follows, false);
        return new ContextUser(context, server.passwordOf(context));
    }

    /** As {@link #contextUser(String, Collection)}. */
    public ContextUser contextUser(String context, String... follows) {
        return contextUser(context, Arrays.asList(follows));
    }

    /**
     * Creates everything that a context has in production: user, permissions, policies, exchanges, queues and bindings.
     * Exchanges of followed contexts are created too, so contexts can be provided in any order.
     *
     * @param follows the wire types that it follows
     */
    public ContextUser provideContext(String context, Collection<String> follows) {
        provide(context, follows, true);
        return new ContextUser(context, server.passwordOf(context));
    }

    /**
     * Creates what production gives a service that sends commands: user, permissions, and the queue {@code <sender>.replies}, bound to
     * the replies of the contexts that it sends to.
     *
     * @param types the wire types of commands that it may send
     */
    public ContextUser provideSender(String sender, String... types) {
        Set<String> contexts = Arrays.stream(types)
                .map(type -> type.substring(0, type.indexOf('.')))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> topics = new ArrayList<>();
        List<String> exchanges = new ArrayList<>();
        List<String> bindings = new ArrayList<>();
        for (String context : contexts) {
            String sendable = Arrays.stream(types)
                    .filter(type -> type.startsWith(context + "."))
                    .map(type -> type.replace(".", "\\\\."))
                    .collect(Collectors.joining("|"));
            topics.add(topic(sender, context + ".commands", "^(" + sendable + ")$", "^$"));
            topics.add(topic(sender, context + ".replies", "^$", "^" + sender + "(\\\\..*)?$"));
            for (String exchange : List.of(context + ".commands", context + ".replies")) {
                exchanges.add(
                        "{\"name\": \"%s\", \"vhost\": \"%s\", \"type\": \"topic\", \"durable\": true, \"auto_delete\": false, \"internal\": false, \"arguments\": {}}"
                                .formatted(exchange, vhost));
            }
            bindings.add(
                    "{\"source\": \"%s.replies\", \"vhost\": \"%s\", \"destination\": \"%s.replies\", \"destination_type\": \"queue\", \"routing_key\": \"%s.replies\", \"arguments\": {}}"
                            .formatted(context, vhost, sender, sender));
        }
        manage(
                "POST",
                "definitions",
                ServicesScript.file("deploy/rabbitmq/sender.json")
                        .replace("${sender}", sender)
                        .replace("${vhost}", vhost)
                        .replace("${password_hash}", hash(server.passwordOf(sender)))
                        .replace("${command_exchanges}", alternatives(contexts, "commands"))
                        .replace("${reply_exchanges}", alternatives(contexts, "replies"))
                        .replace("${topic_permissions}", String.join(",", topics))
                        .replace("${exchanges}", String.join(",", exchanges))
                        .replace("${bindings}", String.join(",", bindings)));
        return new ContextUser(sender, server.passwordOf(sender));
    }

    private static String alternatives(Set<String> contexts, String what) {
        return contexts.stream().map(context -> "|" + context + "\\\\." + what).collect(Collectors.joining());
    }

    private String topic(String user, String exchange, String write, String read) {
        return "{\"user\": \"%s\", \"vhost\": \"%s\", \"exchange\": \"%s\", \"write\": \"%s\", \"read\": \"%s\"}"
                .formatted(user, vhost, exchange, write, read);
    }

    /**
     * Calls the management API as the administrator.
     *
     * @param method {@code GET}, {@code PUT}, {@code POST}, {@code DELETE}
     * @param path below {@code /api/}, for example {@code "queues/" + vhost() + "/order.inbox"}
     * @param body JSON, or empty
     * @return the answer's body
     * @throws IllegalStateException if the broker refuses
     */
    public String manage(String method, String path, String body) {
        return server.management().call(method, path, body);
    }

    /** Deletes the virtual host. Does nothing if it is gone. */
    @Override
    public void close() {
        int status = server.management().send("DELETE", "vhosts/" + vhost, "").statusCode();
        if (status >= 300 && status != 404) {
            throw new IllegalStateException("RabbitMQ answered " + status + " to deleting virtual host " + vhost);
        }
    }

    private ConnectionFactory connectionFactory(String user, String password) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host());
        factory.setPort(port());
        factory.setVirtualHost(vhost);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setConnectionTimeout(5_000);
        factory.setHandshakeTimeout(10_000);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        return factory;
    }

    private void provide(String context, Collection<String> follows, boolean topology) {
        Set<String> sources = follows.stream()
                .map(type -> type.substring(0, type.indexOf('.')))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        StringBuilder exchanges = new StringBuilder();
        StringBuilder topics = new StringBuilder();
        StringBuilder bindings = new StringBuilder();
        for (String source : sources) {
            exchanges.append("|").append(source).append("\\\\.events");
            String types = follows.stream()
                    .filter(type -> type.startsWith(source + "."))
                    .map(type -> type.replace(".", "\\\\."))
                    .collect(Collectors.joining("|"));
            topics.append(
                    ", {\"user\": \"%s\", \"vhost\": \"%s\", \"exchange\": \"%s.events\", \"write\": \"^$\", \"read\": \"^(%s)$\"}"
                            .formatted(context, vhost, source, types));
            if (topology) {
                manage("PUT", "exchanges/" + vhost + "/" + source + ".events", "{\"type\":\"topic\",\"durable\":true}");
                manage(
                        "PUT",
                        "exchanges/" + vhost + "/" + source + ".backfill",
                        "{\"type\":\"direct\",\"durable\":true}");
            }
            bindings.append(
                    "{\"source\": \"%s.backfill\", \"vhost\": \"%s\", \"destination\": \"%s.backfill\", \"destination_type\": \"queue\", \"routing_key\": \"%s\", \"arguments\": {}},"
                            .formatted(source, vhost, context, context));
        }
        for (String type : follows) {
            bindings.append(
                    "{\"source\": \"%s.events\", \"vhost\": \"%s\", \"destination\": \"%s.inbox\", \"destination_type\": \"queue\", \"routing_key\": \"%s\", \"arguments\": {}},"
                            .formatted(type.substring(0, type.indexOf('.')), vhost, context, type));
        }
        String definitions = ServicesScript.file("deploy/rabbitmq/context.json");
        if (!topology) {
            int end = definitions.lastIndexOf(',', definitions.indexOf("\"exchanges\": ["));
            definitions = definitions.substring(0, end) + "}";
        }
        manage(
                "POST",
                "definitions",
                definitions
                        .replace("${context}", context)
                        .replace("${vhost}", vhost)
                        .replace("${password_hash}", hash(server.passwordOf(context)))
                        .replace("${followed_exchanges}", exchanges)
                        .replace("${topic_permissions}", topics)
                        .replace("${bindings}", bindings));
    }

    /** RabbitMQ's form: base64 of four salt bytes and the SHA-256 of those and the password. The salt follows from it. */
    private static String hash(String password) {
        byte[] plain = password.getBytes(StandardCharsets.UTF_8);
        byte[] salted = Arrays.copyOf(RabbitServer.sha256(plain), 4 + plain.length);
        System.arraycopy(plain, 0, salted, 4, plain.length);
        byte[] result = Arrays.copyOf(salted, 4 + 32);
        System.arraycopy(RabbitServer.sha256(salted), 0, result, 4, 32);
        return Base64.getEncoder().encodeToString(result);
    }

    @Override
    public String toString() {
        return "virtual host " + vhost + " on " + server;
    }
}
