package io.farandole.bench.peers.seata;

import io.farandole.bench.load.ContenderSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/** Seata's server as a process of its own, which ends with this one. Its sessions are in the order database. */
final class Coordinator implements AutoCloseable {

    /** Connections to the database of the sessions. */
    static final int CONNECTIONS = Integer.getInteger("contender.coordinator.connections", 24);

    private static final long PATIENCE_SECONDS = 90;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Process process;
    private final int port;

    private Coordinator(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Coordinator start(ContenderSettings settings, Database database) throws IOException, InterruptedException {
        createTables(database.jdbc());
        int port = freePort();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // Merged requests are handled by the common pool, in which each waits for the database.
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=64",
                "-Dtransport.minServerPoolSize=128",
                "-Dlogging.config=classpath:quiet-logback.xml",
                "-Dserver.address=127.0.0.1",
                "-Dserver.port=0",
                "-Dseata.server.service-port=" + port,
                "-Dseata.store.mode=db",
                "-Dseata.store.session.mode=db",
                "-Dseata.store.lock.mode=db",
                "-Dseata.store.db.datasource=hikari",
                "-Dseata.store.db.db-type=postgresql",
                "-Dseata.store.db.driver-class-name=org.postgresql.Driver",
                "-Dseata.store.db.url=" + settings.orderUrl(),
                "-Dseata.store.db.user=" + settings.dbUser(),
                "-Dseata.store.db.password=" + settings.dbPassword(),
                "-Dseata.store.db.min-conn=" + CONNECTIONS,
                "-Dseata.store.db.max-conn=" + CONNECTIONS,
                "-jar",
                jar().toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Coordinator coordinator = new Coordinator(process, port);
        boolean ready = false;
        try {
            coordinator.awaitReady();
            ready = true;
            return coordinator;
        } finally {
            if (!ready) {
                coordinator.close();
            }
        }
    }

    int port() {
        return port;
    }

    /** Beside this peer's own jar: {@code server/target/seata-server.jar}. */
    private static Path jar() {
        Path own = Path.of(Coordinator.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return own.getParent().getParent().resolve("server/target/seata-server.jar");
    }

    private void awaitReady() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IllegalStateException("Seata's server did not come up; what it said is on standard error");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while Seata's server came up");
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void createTables(JdbcTemplate jdbc) {
        jdbc.execute(
                """
                create table global_table (
                    xid varchar(128) primary key,
                    transaction_id bigint,
                    status smallint not null,
                    application_id varchar(32),
                    transaction_service_group varchar(32),
                    transaction_name varchar(128),
                    timeout int,
                    begin_time bigint,
                    application_data varchar(2000),
                    gmt_create timestamp(0),
                    gmt_modified timestamp(0))""");
        jdbc.execute("create index on global_table (status, gmt_modified)");
        jdbc.execute("create index on global_table (transaction_id)");
        jdbc.execute(
                """
                create table branch_table (
                    branch_id bigint primary key,
                    xid varchar(128) not null,
                    transaction_id bigint,
                    resource_group_id varchar(32),
                    resource_id varchar(256),
                    branch_type varchar(8),
                    status smallint,
                    client_id varchar(64),
                    application_data varchar(2000),
                    gmt_create timestamp(6),
                    gmt_modified timestamp(6))""");
        jdbc.execute("create index on branch_table (xid)");
        jdbc.execute(
                """
                create table lock_table (
                    row_key varchar(128) primary key,
                    xid varchar(128),
                    transaction_id bigint,
                    branch_id bigint not null,
                    resource_id varchar(256),
                    table_name varchar(32),
                    pk varchar(36),
                    status smallint not null default 0,
                    gmt_create timestamp(0),
                    gmt_modified timestamp(0))""");
        jdbc.execute("create index on lock_table (branch_id)");
        jdbc.execute("create index on lock_table (xid)");
        jdbc.execute("create index on lock_table (status)");
        jdbc.execute(
                """
                create table distributed_lock (
                    lock_key varchar(20) primary key,
                    lock_value varchar(20) not null,
                    expire bigint not null)""");
        jdbc.execute(
                """
                insert into distributed_lock (lock_key, lock_value, expire)
                select key, ' ', 0
                from unnest(array['AsyncCommitting', 'RetryCommitting', 'RetryRollbacking', 'TxTimeoutCheck']) key""");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
