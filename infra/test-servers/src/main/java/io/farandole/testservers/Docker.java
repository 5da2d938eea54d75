package io.farandole.testservers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** Servers in containers, where a Docker daemon answers. They end with the JVM. */
final class Docker {

    private static final long PROBE_SECONDS = 10;

    private Docker() {}

    /** Whether a daemon answers, within ten seconds; false at once where nothing points to one. */
    static boolean answers() {
        if ("never".equals(System.getenv("FARANDOLE_DOCKER"))
                || (System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock")))) {
            return false;
        }
        CompletableFuture<Boolean> probe = CompletableFuture.supplyAsync(
                () -> DockerClientFactory.instance().isDockerAvailable());
        try {
            return probe.get(PROBE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException noAnswer) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // Testcontainers' reaper ends the containers.
    @SuppressWarnings("resource")
    static Address postgres() {
        String password = UUID.randomUUID().toString();
        PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse("postgres:17"))
                .withUsername("farandole_admin")
                .withPassword(password)
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "max_connections=300", "-c", "max_prepared_transactions=20");
        container.start();
        return new Address(
                container.getHost(), container.getMappedPort(5432), "farandole_admin", password, "", "container");
    }

    @SuppressWarnings("resource")
    static Address rabbit() {
        String password = UUID.randomUUID().toString();
        RabbitMQContainer container = new RabbitMQContainer(DockerImageName.parse("rabbitmq:4-management"))
                .withAdminUser("farandole-admin")
                .withAdminPassword(password);
        container.start();
        try {
            var enabled = container.execInContainer(
                    "rabbitmq-plugins", "enable", "--quiet", "rabbitmq_consistent_hash_exchange");
            if (enabled.getExitCode() != 0) {
                throw new IllegalStateException("Cannot enable the consistent-hash exchange: " + enabled.getStderr());
            }
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while RabbitMQ started", interrupted);
        }
        return new Address(
                container.getHost(),
                container.getAmqpPort(),
                "farandole-admin",
                password,
                container.getHttpUrl(),
                "container");
    }
}
