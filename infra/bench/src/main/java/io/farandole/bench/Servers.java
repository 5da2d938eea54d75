package io.farandole.bench;

import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.Workload;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.PrivatePostgres;
import io.farandole.testservers.TestBroker;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;

/** PostgreSQL (durable) and RabbitMQ of a contender's own. Closing ends both. */
public final class Servers implements AutoCloseable {

    private final PrivatePostgres postgres;
    private final VirtualHost vhost;

    private Servers(PrivatePostgres postgres, VirtualHost vhost) {
        this.postgres = postgres;
        this.vhost = vhost;
    }

    /** Starts both. */
    public static Servers start() {
        return start(VirtualHost::ofItsOwn);
    }

    /** Starts both, but when quick takes a virtual host of {@link OneBroker}. */
    static Servers start(Settings settings) {
        return start(() -> VirtualHost.open(settings));
    }

    private static Servers start(Supplier<VirtualHost> vhost) {
        PrivatePostgres postgres = PrivatePostgres.start();
        try {
            return new Servers(postgres, vhost.get());
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** Three empty databases and the virtual host for a contender; there is one. */
    public ContenderSettings contender(Workload workload) throws SQLException {
        TestDatabase order = postgres.server().createDatabase("order");
        TestDatabase stock = postgres.server().createDatabase("stock");
        TestDatabase payment = postgres.server().createDatabase("payment");
        requireDurability(postgres.server());
        return settings(
                List.of(order.url(), stock.url(), payment.url()),
                order.adminUser(),
                order.adminPassword(),
                vhost.broker(),
                workload);
    }

    /** What a contender is told of these servers: the URLs of order, stock and payment, their owner, and a virtual host. */
    static ContenderSettings settings(
            List<String> urls, String user, String password, TestBroker broker, Workload workload) {
        return new ContenderSettings(
                urls.get(0),
                urls.get(1),
                urls.get(2),
                user,
                password,
                broker.host(),
                broker.port(),
                broker.vhost(),
                broker.adminUser(),
                broker.adminPassword(),
                workload);
    }

    /** Fails where the server may lose what it has committed: a run on it would be void. */
    static void requireDurability(PostgresServer server) throws SQLException {
        try (Connection connection = server.connectAsAdmin("postgres");
                Statement statement = connection.createStatement()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet result = statement.executeQuery("show " + setting)) {
                    result.next();
                    if (!result.getString(1).equals("on")) {
                        throw new IllegalStateException(setting + " is off: a run without it is void");
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            vhost.close();
        } finally {
            postgres.close();
        }
    }
}
