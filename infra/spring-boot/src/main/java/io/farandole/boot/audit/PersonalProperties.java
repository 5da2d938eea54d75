package io.farandole.boot.audit;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys of personal data, {@code farandole.personal.*}.
 *
 * @param masterKey the id of the master key that wraps new keys, one of {@code master-keys}. None by default: then this service seals
 *     nothing
 * @param masterKeys by id, 32 random bytes in Base64 ({@code openssl rand -base64 32} makes them), or {@code file:} and the path of a file
 *     with that in it. Those that wrapped earlier keys stay until the keys are rotated. Whoever loses them loses the data
 * @param cacheFor how long other contexts' keys are kept in memory; for so long this service can open what their owner has erased. Zero
 *     or more; default 10 min
 * @param answerWithin how long another context may take to answer. Positive; default 2 s
 * @param owners by context, where it gives out its keys, and as whom this service asks for them
 * @param grants by name, who may have this context's keys
 */
@ConfigurationProperties("farandole.personal")
public record PersonalProperties(
        @Nullable String masterKey,
        @DefaultValue Map<String, String> masterKeys,
        @DefaultValue("10m") Duration cacheFor,
        @DefaultValue("2s") Duration answerWithin,
        @DefaultValue Map<String, Owner> owners,
        @DefaultValue Map<String, Grant> grants) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int SHORTEST_SECRET = 32;

    public PersonalProperties {
        masterKeys = Map.copyOf(masterKeys);
        owners = Map.copyOf(owners);
        grants = Map.copyOf(grants);
        if (cacheFor.isNegative()) {
            throw new IllegalArgumentException(
                    "farandole.personal.cache-for is a duration of zero or more, not " + cacheFor);
        }
        if (answerWithin.isNegative() || answerWithin.isZero()) {
            throw new IllegalArgumentException(
                    "farandole.personal.answer-within is a positive duration, not " + answerWithin);
        }
        owners.forEach(PersonalProperties::check);
        grants.forEach(PersonalProperties::check);
    }

    /**
     * A context that owns keys.
     *
     * @param url the base of its Actuator endpoints, {@code https://order:8081/actuator}; http to the loopback interface only, for keys
     *     are what is answered
     * @param user the grant's name there
     * @param password the grant's secret, 32 characters or more
     */
    public record Owner(@Nullable URI url, @Nullable String user, @Nullable String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Owner[" + url + ", " + user + "]";
        }
    }

    /**
     * A service that may have keys of this context.
     *
     * @param secretHash SHA-256 of its secret, in hexadecimal; the secret is random and has 32 characters or more, for then a fast
     *     hash of it is safe
     * @param scopes the scopes of which it may have keys, such as {@code delivery}
     */
    public record Grant(@Nullable String secretHash, @DefaultValue Set<String> scopes) {

        public Grant {
            scopes = Set.copyOf(scopes);
        }

        /** Without the hash. */
        @Override
        public String toString() {
            return "Grant" + scopes;
        }
    }

    private static void check(String context, Owner owner) {
        String property = "farandole.personal.owners." + context;
        URI url = owner.url();
        if (url == null
                || url.getHost() == null
                || !Set.of("http", "https").contains(String.valueOf(url.getScheme()))) {
            throw new IllegalArgumentException(property
                    + ".url is the https address of the context's Actuator endpoints, such as https://order:8081/actuator, not "
                    + url);
        }
        if (!"https".equals(url.getScheme()) && !LOOPBACK.contains(url.getHost())) {
            throw new IllegalArgumentException(property
                    + ".url is not https, and keys are never asked for in plain text but on the loopback interface: "
                    + url);
        }
        if (owner.user() == null || owner.user().isBlank()) {
            throw new IllegalArgumentException(
                    property + ".user is missing: the name of the grant that " + context + " has for this service");
        }
        if (owner.password() == null || owner.password().length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(property + ".password is missing, or has fewer than " + SHORTEST_SECRET
                    + " characters: make a random one with `openssl rand -hex 32`");
        }
    }

    private static void check(String name, Grant grant) {
        String property = "farandole.personal.grants." + name;
        if (grant.secretHash() == null || !grant.secretHash().matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(
                    property
                            + ".secret-hash is missing, or no SHA-256 in hexadecimal: `printf %s \"$secret\" | sha256sum` prints it");
        }
        if (grant.scopes().isEmpty()) {
            throw new IllegalArgumentException(
                    property + ".scopes is empty: name the scopes of which it may have keys, such as delivery");
        }
    }

    /** Without keys. */
    @Override
    public String toString() {
        return "PersonalProperties[masterKey=" + masterKey + ", masterKeys=" + masterKeys.keySet() + ", cacheFor="
                + cacheFor + ", owners=" + owners + ", grants=" + grants + "]";
    }
}
