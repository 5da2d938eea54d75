package io.farandole.testservers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ broker for tests. {@link #shared()} finds it once per JVM: the one that the environment names
 * ({@code FARANDOLE_RABBITMQ_HOST}, {@code _PORT}, {@code _ADMIN_USER}, {@code _ADMIN_PASSWORD}, {@code _MANAGEMENT_URL},
 * or {@code FARANDOLE_RABBITMQ_URL} and {@code _MANAGEMENT_URL}), else a container if a Docker daemon answers, else a
 * private local node that {@code infra/services} provides. If none can be had the test fails; it is never skipped.
 *
 * <p>Each test takes a virtual host of its own, {@link #createVhost}. A private local node keeps running for the next
 * test run. Thread-safe.
 */
public final class RabbitServer {

    private static @Nullable RabbitServer shared;

    private final Address address;
    private final ManagementApi management;

    RabbitServer(Address address) {
        this.address = address;
        this.management = new ManagementApi(address.managementUrl(), address.user(), address.password());
    }

    /** The broker that all tests of this JVM share; started at the first call, which may take some ten seconds. */
    public static synchronized RabbitServer shared() {
        if (shared == null) {
            Address address = Address.rabbit(System.getenv(), "environment");
            if (address == null && Docker.answers()) {
                address = Docker.rabbit();
            }
            if (address == null) {
                address = Address.rabbit(ServicesScript.shared().start("rabbitmq"), "private instance");
            }
            if (address == null) {
                throw new IllegalStateException("infra/services started RabbitMQ but told no address");
            }
            shared = new RabbitServer(address);
        }
        return shared;
    }

    /** The broker's host. */
    public String host() {
        return address.host();
    }

    /** The broker's AMQP port. */
    public int port() {
        return address.port();
    }

    /** Base of the management UI and API, without a slash at the end. */
    public String managementUrl() {
        return address.managementUrl();
    }

    /** An administrator. */
    public String adminUser() {
        return address.user();
    }

    /** The administrator's password. */
    public String adminPassword() {
        return address.password();
    }

    /** A new, empty virtual host with a random name; the administrator may do anything in it. */
    public TestBroker createVhost() {
        return TestBroker.create(this, "test-" + UUID.randomUUID());
    }

    ManagementApi management() {
        return management;
    }

    /**
     * The password of a context's user. Users are the broker's, not a virtual host's, and their name is given by the
     * context's name, so all tests on a broker share them: the password follows from the administrator's. Where the
     * environment names a broker that has such users already ({@code ORDER_RABBIT_PASSWORD}), theirs is kept.
     */
    String passwordOf(String context) {
        String known = System.getenv(context.toUpperCase(Locale.ROOT).replace('-', '_') + "_RABBIT_PASSWORD");
        if (known != null && !known.isEmpty() && address.origin().equals("environment")) {
            return known;
        }
        byte[] digest = sha256((adminPassword() + ":" + context).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, 32);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "RabbitMQ at " + address;
    }
}
