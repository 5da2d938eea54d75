package io.farandole.acceptance.defect;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.farandole.acceptance.checker.Checker;
import io.farandole.acceptance.checker.LiveSources;
import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.checker.Violation;
import io.farandole.messaging.JsonCodec;
import io.farandole.provider.StandInProvider;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The shop in this JVM, so that its framework can be made defective: three application contexts, on databases and a virtual host of
 * their own. What goes between them goes over RabbitMQ. Used by one thread.
 */
final class ShopInOneJvm implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final JsonCodec JSON = new JsonCodec();

    private static final String TRACES = "select (select count(*) from farandole.journal)"
            + " || ' ' || (select coalesce(sum(position), 0) from farandole.token_entry)"
            + " || ' ' || (select coalesce(sum(version), 0) from farandole.saga)";

    private static final String ALL_RELAYED = "select r.position >= (select coalesce(max(j.position), 0)"
            + " from farandole.journal j where j.own and j.wire_type is not null) from farandole.relay_position r";

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Map<String, TestDatabase> databases = new LinkedHashMap<>();
    private final Map<String, TestBroker.ContextUser> users = new LinkedHashMap<>();
    private final Map<String, ServiceInThisJvm> services = new LinkedHashMap<>();
    private final Set<String> accepted = new ConcurrentSkipListSet<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final TestBroker broker;
    private final StandInProvider provider;

    private ShopInOneJvm() {
        broker = keep(RabbitServer.shared().createVhost());
        provider = keep(StandInProvider.start(0));
        for (String context : ShopAddresses.CONTEXTS) {
            users.put(context, broker.provideContext(context, followedBy(context)));
            databases.put(context, keep(PostgresServer.shared().createDatabase(context)));
        }
    }

    /** Opens a shop with these seams, by context. */
    static ShopInOneJvm open(Map<String, Seam> seams) {
        ShopInOneJvm shop = new ShopInOneJvm();
        Map<String, CompletableFuture<ServiceInThisJvm>> starting = new LinkedHashMap<>();
        ShopAddresses.CONTEXTS.forEach(context -> starting.put(
                context,
                CompletableFuture.supplyAsync(
                        () -> shop.instance(context, seams.getOrDefault(context, Seam.NONE)),
                        task -> new Thread(task, "start-" + context).start())));
        CompletionException failure = null;
        for (Map.Entry<String, CompletableFuture<ServiceInThisJvm>> service : starting.entrySet()) {
            try {
                shop.services.put(service.getKey(), shop.keep(service.getValue().join()));
            } catch (CompletionException e) {
                failure = e;
            }
        }
        if (failure != null) {
            shop.close();
            throw failure;
        }
        return shop;
    }

    private static List<String> followedBy(String context) {
        return PublishedLanguage.ENTRIES.stream()
                .filter(entry -> entry.followers().contains(context))
                .map(PublishedLanguage.Entry::wireType)
                .toList();
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.push(closeable);
        return closeable;
    }

    private ServiceInThisJvm instance(String context, Seam seam) {
        TestBroker.ContextUser user = users.get(context);
        if (user == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        return ServiceInThisJvm.start(context, database(context), broker, user, provider.uri(), seam);
    }

    /** Starts one more instance of a service; it ends with the shop, if not before. */
    ServiceInThisJvm another(String context, Seam seam) {
        return keep(instance(context, seam));
    }

    /** Starts a service, in the place of one that is dead or closed. */
    void restart(String context, Seam seam) {
        services.put(context, another(context, seam));
    }

    /** A context's service, as it was started last. */
    ServiceInThisJvm service(String context) {
        ServiceInThisJvm service = services.get(context);
        if (service == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        return service;
    }

    /** A context's database. */
    TestDatabase database(String context) {
        TestDatabase database = databases.get(context);
        if (database == null) {
            throw new IllegalArgumentException("No context " + context);
        }
        return database;
    }

    /** Removes a binding, as administrator. */
    void unbind(String queue, String exchange, String routingKey) throws IOException, TimeoutException {
        onBroker(channel -> channel.queueUnbind(queue, exchange, routingKey));
    }

    /** Restores it. */
    void bind(String queue, String exchange, String routingKey) throws IOException, TimeoutException {
        onBroker(channel -> channel.queueBind(queue, exchange, routingKey));
    }

    private void onBroker(ChannelWork work) throws IOException, TimeoutException {
        try (com.rabbitmq.client.Connection connection =
                        broker.adminConnectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            work.on(channel);
        }
    }

    @FunctionalInterface
    private interface ChannelWork {
        Object on(Channel channel) throws IOException;
    }

    /** The virtual host. */
    TestBroker broker() {
        return broker;
    }

    /** The contexts' users of the broker. */
    Map<String, TestBroker.ContextUser> users() {
        return users;
    }

    /** Puts a product on the shelf. */
    void receive(String product, long quantity) {
        receive(service("stock"), product, quantity).join();
    }

    /** The same at a certain instance; the future ends when it has answered. */
    CompletableFuture<Void> receive(ServiceInThisJvm stock, String product, long quantity) {
        return post(stock.address().resolve("/products/" + product + "/receipts"), "{\"quantity\":" + quantity + "}")
                .thenAccept(answer -> {});
    }

    /** Orders one piece; returns the order's id when it is accepted. */
    String order(String product) {
        return orderAs("c-1", product).join();
    }

    /** The same for a certain customer; the future ends when it is accepted. */
    CompletableFuture<String> orderAs(String customer, String product) {
        String body =
                """
                {"customerId":"%s","paymentToken":"tok_ok","lines":[
                 {"productId":"%s","quantity":1,"unitPrice":{"amount":"9.90","currency":"EUR"}}]}"""
                        .formatted(customer, product);
        return post(service("order").address().resolve("/orders"), body).thenApply(answer -> {
            String id = JSON.readTree(answer).path("orderId").asString("");
            accepted.add(id);
            return id;
        });
    }

    /** Cancels an order; returns when that is accepted. */
    void cancel(String orderId) {
        post(service("order").address().resolve("/orders/" + orderId + "/cancel"), "")
                .join();
    }

    private CompletableFuture<String> post(URI address, String body) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Patience.UNTIL_HUNG)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        address + " was answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        });
    }

    /** Whether a context's journal has an event of this type, own or received, for a process. */
    boolean knows(String context, String type, String processKey) throws SQLException {
        return truth(
                context,
                "select exists (select from farandole.journal where process_key = '" + processKey
                        + "' and payload_type = '" + type + "')");
    }

    /** Whether all that a context has published until now is confirmed, as its relay believes. */
    boolean relayed(String context) throws SQLException {
        return truth(context, ALL_RELAYED);
    }

    /** Answers a question of SQL that is answered with yes or no, as administrator. */
    boolean truth(String context, String sql) throws SQLException {
        return "t".equals(one(context, sql));
    }

    /** Changes a context's database as administrator. */
    void execute(String context, String sql) throws SQLException {
        try (Connection connection = database(context).connectAsAdmin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private @Nullable String one(String context, String sql) throws SQLException {
        try (Connection connection = database(context).connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }

    /** Waits until the checker finds nothing wrong. */
    void awaitRight() {
        await().pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(violations()).isEmpty());
    }

    /**
     * Waits until nothing happens any more: whatever was committed for others was confirmed, as far as the relays know, and journals,
     * sagas and tokens have not changed for two seconds.
     */
    void awaitRest() {
        AtomicReference<String> before = new AtomicReference<>("");
        await().pollInterval(Duration.ofMillis(100)).during(QUIET).until(() -> {
            StringBuilder now = new StringBuilder();
            boolean relayed = true;
            for (String context : ShopAddresses.CONTEXTS) {
                now.append(one(context, TRACES)).append('\n');
                relayed &= relayed(context);
            }
            return now.toString().equals(before.getAndSet(now.toString())) && relayed;
        });
    }

    /** The invariants that do not hold, now. */
    List<Violation> violations() throws IOException, SQLException, InterruptedException {
        Map<String, ShopAddresses.Database> readable = new LinkedHashMap<>();
        databases.forEach((context, database) -> readable.put(
                context, new ShopAddresses.Database(database.url(), database.adminUser(), database.adminPassword())));
        return Checker.check(LiveSources.gather(
                new ShopAddresses(
                        readable,
                        service("order").address(),
                        service("stock").address(),
                        service("payment").address(),
                        provider.uri()),
                accepted));
    }

    @Override
    public void close() {
        Exception failure = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new IllegalStateException("Could not end all of the shop", failure);
        }
    }
}
