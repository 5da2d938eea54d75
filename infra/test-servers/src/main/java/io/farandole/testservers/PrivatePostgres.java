package io.farandole.testservers;

/**
 * A PostgreSQL server of one test, which may kill, pause and restart it. Always a local instance, on a port that stays the
 * same; it takes a second or two to start. Close it; should the JVM die before, the server is stopped all the same.
 */
public final class PrivatePostgres extends PrivateServer {

    private final PostgresServer postgres;

    private PrivatePostgres() {
        super("postgres");
        Address address = Address.postgres(environment(), "private instance");
        if (address == null) {
            throw new IllegalStateException("infra/services started PostgreSQL but told no address");
        }
        postgres = new PostgresServer(address);
    }

    /** Starts a new, empty server. */
    public static PrivatePostgres start() {
        return new PrivatePostgres();
    }

    /** To create databases on it; valid through restarts. */
    public PostgresServer server() {
        return postgres;
    }
}
