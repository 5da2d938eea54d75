package io.farandole.shop.payment;

import io.farandole.messaging.failpoint.FailpointListener;
import io.farandole.testservers.FreePorts;
import io.farandole.testservers.Patience;
import io.farandole.testservers.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payment service as a process of its own, on a database that outlives it; it dies where it is told to. Used by one thread. */
public final class DyingService implements AutoCloseable {

    // Of a package that keeps them to itself.
    private static final String XA_MOMENTS = "io.farandole.shop.payment.transfer.bank.XaMoments";
    private static final String DIES_AT_XA_MOMENTS = "io.farandole.shop.payment.transfer.bank.DiesAtXaMoments";

    private final Path directory;
    private final TestDatabase database;
    private final Map<String, String> properties;
    private final int port;
    private @Nullable Process process;
    private int starts;

    /**
     * One that is not started yet.
     *
     * @param directory for its logs, and for what it is told
     * @param properties beside those of its database
     */
    public DyingService(Path directory, TestDatabase database, Map<String, String> properties) throws IOException {
        this.directory = directory;
        this.database = database;
        this.properties = properties;
        this.port = FreePorts.next();
        Path services = Files.createDirectories(directory.resolve("classes/META-INF/services"));
        Files.writeString(services.resolve(FailpointListener.class.getName()), DiesWhereItIsTold.class.getName());
        Files.writeString(services.resolve(XA_MOMENTS), DIES_AT_XA_MOMENTS);
    }

    /** Where it answers, however often it is started. */
    public int port() {
        return port;
    }

    /** Starts it to live, and waits until it answers. */
    public void start() throws IOException {
        start("nowhere", 1);
    }

    /**
     * Starts it, and waits until it answers; once it is {@link #arm armed}, it dies.
     *
     * @param deadly the name of a failpoint, or of a place that {@link DiesWhereItIsTold#passes} knows
     * @param times how many times it passes there, the last one included
     */
    public void start(String deadly, int times) throws IOException {
        starts++;
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-D" + DiesWhereItIsTold.AT + "=" + deadly,
                "-D" + DiesWhereItIsTold.AFTER + "=" + times,
                "-D" + DiesWhereItIsTold.ARMED + "=" + armed(),
                "-cp",
                directory.resolve("classes")
                        + File.pathSeparator
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PaymentApplication.class.getName(),
                "--farandole.rabbitmq.enabled=false",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.appUser(),
                "--farandole.migration.user=" + database.migratorUser(),
                "--farandole.migration.role=" + database.ownerRole(),
                "--server.port=" + port));
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("service-" + starts + ".log").toFile());
        builder.environment().put("SPRING_DATASOURCE_PASSWORD", database.appPassword());
        builder.environment().put("FARANDOLE_MIGRATION_PASSWORD", database.migratorPassword());
        process = builder.start();
        Patience.await("the service answers")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> isDead() || isReady());
        if (isDead()) {
            throw new AssertionError(
                    "The service did not start: " + Files.readString(directory.resolve("service-" + starts + ".log")));
        }
    }

    /** From now on it dies where it was told to. */
    public void arm() throws IOException {
        Files.writeString(armed(), "");
    }

    /** Whether it has ended. */
    public boolean isDead() {
        return process == null || !process.isAlive();
    }

    private Path armed() {
        return directory.resolve("armed-" + starts);
    }

    private boolean isReady() {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(
                                                    "http://127.0.0.1:" + port + "/actuator/health/readiness"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // not yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
