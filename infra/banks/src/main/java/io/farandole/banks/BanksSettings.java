package io.farandole.banks;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the banks listen and keep their books.
 *
 * @param port zero for any free one
 * @param url of a PostgreSQL database of their own, JDBC
 * @param user what they run as
 * @param migratorUser who makes the tables; null if that is the user, too
 * @param migratorPassword the migrator's password
 * @param schema in which the tables lie
 * @param slowness how late {@code slow-} accounts are answered
 */
public record BanksSettings(
        InetAddress address,
        int port,
        String url,
        String user,
        String password,
        @Nullable String migratorUser,
        @Nullable String migratorPassword,
        String schema,
        Duration slowness) {

    /** The port used unless another is given. */
    public static final int DEFAULT_PORT = 8091;

    /** How late {@code slow-} accounts are answered unless told otherwise. */
    public static final Duration SLOWNESS = Duration.ofSeconds(2);

    /** On the loopback interface, on any free port, in schema {@code app}. */
    public static BanksSettings of(
            String url, String user, String password, String migratorUser, String migratorPassword) {
        return new BanksSettings(
                InetAddress.getLoopbackAddress(),
                0,
                url,
                user,
                password,
                migratorUser,
                migratorPassword,
                "app",
                SLOWNESS);
    }

    /** The same, on that port. */
    public BanksSettings withPort(int port) {
        return new BanksSettings(address, port, url, user, password, migratorUser, migratorPassword, schema, slowness);
    }

    /** The same, with that slowness. */
    public BanksSettings withSlowness(Duration slowness) {
        return new BanksSettings(address, port, url, user, password, migratorUser, migratorPassword, schema, slowness);
    }

    @Override
    public String toString() {
        return "banks on " + address.getHostAddress() + ":" + port + ", books in " + url + " as " + user;
    }
}
