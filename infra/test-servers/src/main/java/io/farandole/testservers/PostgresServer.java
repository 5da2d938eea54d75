package io.farandole.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server for tests. {@link #shared()} finds it once per JVM: the one that the environment names
 * ({@code FARANDOLE_POSTGRES_HOST}, {@code _PORT}, {@code _ADMIN_USER}, {@code _ADMIN_PASSWORD}, or
 * {@code FARANDOLE_POSTGRES_URL}), else a container if a Docker daemon answers, else a private local instance that
 * {@code infra/services} provides. If none can be had the test fails; it is never skipped.
 *
 * <p>Each test takes a database of its own, {@link #createDatabase}. A private local instance keeps running for the next
 * test run. Thread-safe.
 */
public final class PostgresServer {

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");
    private static @Nullable PostgresServer shared;

    private final Address address;

    PostgresServer(Address address) {
        this.address = address;
    }

    /** The server that all tests of this JVM share; started at the first call, which may take some seconds. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            Address address = Address.postgres(System.getenv(), "environment");
            if (address == null && Docker.answers()) {
                address = Docker.postgres();
            }
            if (address == null) {
                address = Address.postgres(ServicesScript.shared().start("postgres"), "private instance");
            }
            if (address == null) {
                throw new IllegalStateException("infra/services started PostgreSQL but told no address");
            }
            shared = new PostgresServer(address);
        }
        return shared;
    }

    /** The server's host. */
    public String host() {
        return address.host();
    }

    /** The server's port. */
    public int port() {
        return address.port();
    }

    /** A superuser. */
    public String adminUser() {
        return address.user();
    }

    /** The superuser's password. */
    public String adminPassword() {
        return address.password();
    }

    /** The JDBC URL of a database of this server. */
    public String url(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /** A new connection as superuser to a database; the caller closes it. */
    public Connection connectAsAdmin(String database) throws SQLException {
        return DriverManager.getConnection(url(database), adminUser(), adminPassword());
    }

    /**
     * Creates an empty database as production has it: an owner that cannot log in, a migrator that acts as the owner, an
     * application role that owns nothing, schemas {@code farandole} and {@code app}, and nothing for PUBLIC. Names and
     * passwords are random.
     *
     * @param prefix what the database's name begins with: lower-case letters, digits and underscores, at most 31
     */
    public TestDatabase createDatabase(String prefix) {
        String cleaned = prefix.toLowerCase(Locale.ROOT).replace('-', '_');
        if (!PREFIX.matcher(cleaned).matches()) {
            throw new IllegalArgumentException(
                    "A database's prefix is lower-case letters, digits and underscores, at most" + " 31, not '" + prefix
                            + "'");
        }
        String name = cleaned + "_" + UUID.randomUUID().toString().substring(0, 8);
        return TestDatabase.create(this, name);
    }

    /**
     * Ends all sessions of a database, as a failover or an administrator would: every statement under way fails, and so
     * does the next one on each pooled connection.
     *
     * @return how many sessions were ended
     */
    public int terminateSessions(TestDatabase database) {
        try (Connection connection = connectAsAdmin("postgres");
                var statement = connection.prepareStatement("select count(pg_terminate_backend(pid))::int"
                        + " from pg_stat_activity where datname = ? and pid <> pg_backend_pid()")) {
            statement.setString(1, database.name());
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("Cannot end the sessions of " + database.name() + " on " + this, failed);
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL at " + address;
    }
}
