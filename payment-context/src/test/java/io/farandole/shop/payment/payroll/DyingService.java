package io.farandole.shop.payment.payroll;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.testservers.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The payment service as a process of its own, on a database that outlives it. */
final class DyingService implements AutoCloseable {

    private final Path directory;
    private final TestDatabase database;
    private final Map<String, String> properties;
    private final int port;
    private @Nullable Process process;
    private int starts;

    DyingService(Path directory, TestDatabase database, Map<String, String> properties) throws IOException {
        this.directory = directory;
        this.database = database;
        this.properties = properties;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Path services = Files.createDirectories(directory.resolve("classes/META-INF/services"));
        Files.writeString(services.resolve(FailpointListener.class.getName()), DiesWhereItIsTold.class.getName());
    }

    int port() {
        return port;
    }

    /** Starts it, and waits until it answers; it dies when it is told to. */
    void start(Failpoint deadly, int times) throws IOException {
        starts++;
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-Dpayroll.dies-at=" + deadly,
                "-Dpayroll.dies-after=" + times,
                "-Dpayroll.armed=" + armed(),
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
        Awaitility.await("the service answers")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> isDead() || isReady());
        if (isDead()) {
            throw new AssertionError(
                    "The service did not start: " + Files.readString(directory.resolve("service-" + starts + ".log")));
        }
    }

    /** From now on it dies where it was told to. */
    void arm() throws IOException {
        Files.writeString(armed(), "");
    }

    boolean isDead() {
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
