package io.farandole.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which services a command asks, as options and environment say. */
final class Services {

    private static final String PREFIX = "FARANDOLE_";
    private static final String URL = "_URL";
    private static final String MANAGEMENT_URL = "_MANAGEMENT_URL";

    /** Servers' addresses, which infra/services reads. */
    private static final Set<String> NO_CONTEXTS = Set.of("postgres", "rabbitmq");

    private final Surroundings surroundings;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "The context, such as stock; see FARANDOLE_<CONTEXT>_URL.")
    private @Nullable String context;

    @Option(names = "--url", paramLabel = "URL", description = "The service's address, instead of a context's.")
    private @Nullable String url;

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            description = "Where its Actuator is, if not at <url>/actuator.")
    private @Nullable String managementUrl;

    private @Nullable SignIn signIn;

    Services(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The one that is named, or all that the environment knows. */
    List<Service> asked() {
        if (context != null || url != null || managementUrl != null) {
            return List.of(one());
        }
        List<Service> all = new ArrayList<>();
        known().forEach((name, address) -> all.add(service(name, address, management(name))));
        if (all.isEmpty()) {
            throw EndedException.usage(
                    "No service is known: name one with --url, or set FARANDOLE_<CONTEXT>_URL for each context.");
        }
        return all;
    }

    /** The one that is named, or the only one that there is. */
    Service one() {
        return one(null);
    }

    /** The one that is named, or {@code byDefault} if that is known. */
    Service one(@Nullable String byDefault) {
        Map<String, String> known = known();
        if (url != null || managementUrl != null) {
            String address = url == null ? String.valueOf(managementUrl) : url;
            return service(context == null ? hostOf(address) : context, address, managementUrl);
        }
        String name = context;
        if (name == null && byDefault != null && known.containsKey(byDefault)) {
            name = byDefault;
        }
        if (name == null && known.size() == 1) {
            name = known.keySet().iterator().next();
        }
        if (name == null) {
            throw EndedException.usage(
                    known.isEmpty()
                            ? "Name the service: --url, or --context with FARANDOLE_<CONTEXT>_URL set."
                            : "Name the context, one of " + String.join(", ", known.keySet()) + ": --context");
        }
        String address = known.get(name);
        if (address == null) {
            throw EndedException.usage("Context " + name + " is not known: set " + variable(name, URL)
                    + " to its service's address, or use --url.");
        }
        return service(name, address, management(name));
    }

    private Service service(String name, String address, @Nullable String management) {
        SignIn known = signIn;
        if (known == null) {
            known = new SignIn(surroundings);
            signIn = known;
        }
        String base = withoutSlash(address);
        return new Service(
                name,
                uri(base),
                uri(management == null ? base + "/actuator" : withoutSlash(management)),
                known,
                surroundings.err());
    }

    private Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        surroundings.environment().forEach((variable, value) -> {
            if (variable.startsWith(PREFIX)
                    && variable.endsWith(URL)
                    && !variable.endsWith(MANAGEMENT_URL)
                    && variable.length() > PREFIX.length() + URL.length()
                    && !value.isBlank()) {
                String name = variable.substring(PREFIX.length(), variable.length() - URL.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                if (!NO_CONTEXTS.contains(name)) {
                    known.put(name, value);
                }
            }
        });
        return known;
    }

    private @Nullable String management(String name) {
        return surroundings.environment().get(variable(name, MANAGEMENT_URL));
    }

    private static String variable(String name, String suffix) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_') + suffix;
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private static String hostOf(String address) {
        return String.valueOf(uri(address).getHost());
    }

    private static URI uri(String address) {
        try {
            URI uri = URI.create(address);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw noAddress(address);
        }
        throw noAddress(address);
    }

    private static EndedException noAddress(String address) {
        return EndedException.usage("'" + address + "' is no address of a service: they look like http://host:8081");
    }
}
