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
 * @param holdFor for how long a payment is held that nobody confirms
 * @param grpcPort of the one bank that is reached by gRPC; zero for any free one, {@link #NO_GRPC} for none
 * @param grpcBank that bank's name
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
        Duration slowness,
        Duration holdFor,
        int grpcPort,
        String grpcBank) {

    /** The port used unless another is given. */
    public static final int DEFAULT_PORT = 8091;

    /** How late {@code slow-} accounts are answered unless told otherwise. */
    public static final Duration SLOWNESS = Duration.ofSeconds(2);

    /** For how long payments are held unless told otherwise: longer than any payroll runs. */
    public static final Duration HOLD_FOR = Duration.ofDays(31);

    /** No bank is reached by gRPC. */
    public static final int NO_GRPC = -1;

    /** The name of the bank that is reached by gRPC unless another is given. */
    public static final String GRPC_BANK = "grpc";

    /** On the loopback interface, on any free port, in schema {@code app}, without gRPC. */
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
                SLOWNESS,
                HOLD_FOR,
                NO_GRPC,
                GRPC_BANK);
    }

    /** The same, on that port. */
    public BanksSettings withPort(int port) {
        return with(port, slowness, holdFor, grpcPort, grpcBank);
    }

    /** The same, with that slowness. */
    public BanksSettings withSlowness(Duration slowness) {
        return with(port, slowness, holdFor, grpcPort, grpcBank);
    }

    /** The same, holding payments for that long. */
    public BanksSettings withHolds(Duration holdFor) {
        return with(port, slowness, holdFor, grpcPort, grpcBank);
    }

    /** The same, with a bank of that name reached by gRPC on that port; zero for any free one. */
    public BanksSettings withGrpc(int port, String bank) {
        return with(this.port, slowness, holdFor, port, bank);
    }

    private BanksSettings with(int port, Duration slowness, Duration holdFor, int grpcPort, String grpcBank) {
        return new BanksSettings(
                address,
                port,
                url,
                user,
                password,
                migratorUser,
                migratorPassword,
                schema,
                slowness,
                holdFor,
                grpcPort,
                grpcBank);
    }

    @Override
    public String toString() {
        return "banks on " + address.getHostAddress() + ":" + port + ", books in " + url + " as " + user;
    }
}
