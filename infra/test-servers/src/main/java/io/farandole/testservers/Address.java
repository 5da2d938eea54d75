package io.farandole.testservers;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens and who administers it.
 *
 * @param managementUrl RabbitMQ's management without a slash at the end; empty for PostgreSQL
 * @param origin where the address comes from, for messages: "environment", "container", "private instance"
 */
record Address(String host, int port, String user, String password, String managementUrl, String origin) {

    @Override
    public String toString() {
        return host + ":" + port + " (" + origin + ")";
    }

    /** From {@code FARANDOLE_POSTGRES_*}, or null if they name no server. */
    static @Nullable Address postgres(Map<String, String> environment, String origin) {
        return named(environment, origin, "FARANDOLE_POSTGRES_", 5432);
    }

    /** From {@code FARANDOLE_RABBITMQ_*}, or null if they name no server. */
    static @Nullable Address rabbit(Map<String, String> environment, String origin) {
        return named(environment, origin, "FARANDOLE_RABBITMQ_", 5672);
    }

    private static @Nullable Address named(
            Map<String, String> environment, String origin, String prefix, int defaultPort) {
        String host = environment.getOrDefault(prefix + "HOST", "");
        String port = environment.getOrDefault(prefix + "PORT", "");
        String user = environment.getOrDefault(prefix + "ADMIN_USER", "");
        String password = environment.getOrDefault(prefix + "ADMIN_PASSWORD", "");
        String url = environment.getOrDefault(prefix + "URL", "");
        if (!url.isEmpty()) {
            URI uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
            host = uri.getHost();
            port = uri.getPort() < 0 ? "" : String.valueOf(uri.getPort());
            String login = uri.getRawUserInfo();
            if (login != null && login.contains(":")) {
                user = decode(login.substring(0, login.indexOf(':')));
                password = decode(login.substring(login.indexOf(':') + 1));
            }
        }
        if (host.isEmpty()) {
            return null;
        }
        if (user.isEmpty() || password.isEmpty()) {
            throw new IllegalStateException("The environment names a server, " + host
                    + ", but no administrator for it: set "
                    + prefix + "ADMIN_USER and " + prefix + "ADMIN_PASSWORD, or unset " + prefix + "HOST and " + prefix
                    + "URL");
        }
        String management = environment.getOrDefault(prefix + "MANAGEMENT_URL", "http://" + host + ":15672");
        return new Address(
                host,
                port.isEmpty() ? defaultPort : Integer.parseInt(port),
                user,
                password,
                management.replaceAll("/+$", ""),
                origin);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
