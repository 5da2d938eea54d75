package io.farandole.boot.audit;

import io.farandole.audit.personal.ForeignKeys;
import io.farandole.audit.personal.KeyAnswer;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Asks the owners of keys at their endpoint {@code personalkeys}, signed in with a grant. Thread-safe; logs nothing. */
final class OwnersOverHttp implements ForeignKeys {

    /** What the endpoint says with its 404. */
    private static final String UNKNOWN_KEY = "UNKNOWN_KEY";

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final PersonalProperties properties;
    private final JsonCodec codec;
    private final HttpClient http;

    OwnersOverHttp(PersonalProperties properties, JsonCodec codec) {
        this.properties = properties;
        this.codec = codec;
        this.http = HttpClient.newBuilder()
                .connectTimeout(properties.answerWithin())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** What the endpoint answers. */
    record Given(@Nullable String keyId, @Nullable String scope, @Nullable String key) {

        /** Without the key. */
        @Override
        public String toString() {
            return "Given[" + keyId + ", " + scope + "]";
        }
    }

    @Override
    public KeyAnswer ask(String context, String keyId) {
        PersonalProperties.Owner owner = properties.owners().get(context);
        if (owner == null) {
            throw new PersonalDataException(
                    Reason.NOT_CONFIGURED,
                    "Context " + context + " has sealed this, and it is not said where to ask for its keys: set"
                            + " farandole.personal.owners." + context + ".url, .user and .password");
        }
        HttpResponse<String> response = send(context, owner, keyId);
        return switch (response.statusCode()) {
            case OK -> found(context, keyId, response.body());
            case GONE -> new KeyAnswer.Destroyed("");
            case NOT_FOUND -> unknown(context, response);
            case UNAUTHORIZED ->
                throw refused("Context " + context + " does not know this service as " + owner.user()
                        + ": set farandole.personal.grants." + owner.user() + ".secret-hash there to the SHA-256 of"
                        + " farandole.personal.owners." + context + ".password here");
            case FORBIDDEN ->
                throw refused("Context " + context + " lets " + owner.user() + " not have key " + keyId
                        + ": add its scope to farandole.personal.grants." + owner.user() + ".scopes there");
            default -> throw unavailable(context, "answered " + response.statusCode(), null);
        };
    }

    private HttpResponse<String> send(String context, PersonalProperties.Owner owner, String keyId) {
        String base = String.valueOf(owner.url()).replaceFirst("/$", "");
        String credentials = owner.user() + ":" + owner.password();
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/personalkeys/" + keyId))
                .timeout(properties.answerWithin())
                .header("Accept", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unavailable(context, "cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(context, "was not waited for", e);
        }
    }

    private KeyAnswer found(String context, String keyId, String body) {
        Given given;
        try {
            given = codec.read(body, Given.class);
        } catch (CodecException e) {
            // Without what could not be read: it may be a key.
            throw unavailable(context, "gave an answer that cannot be understood", null);
        }
        if (!keyId.equals(given.keyId()) || given.key() == null || given.scope() == null) {
            throw unavailable(context, "gave an answer that is not about key " + keyId, null);
        }
        try {
            return new KeyAnswer.Found(given.scope(), Base64.getDecoder().decode(given.key()));
        } catch (IllegalArgumentException e) {
            throw unavailable(context, "gave an answer that cannot be understood", null);
        }
    }

    /** The endpoint says which key it does not know; somebody else who answers 404 does not. */
    private static KeyAnswer unknown(String context, HttpResponse<String> response) {
        if (response.body().contains(UNKNOWN_KEY)) {
            return new KeyAnswer.Unknown();
        }
        throw unavailable(
                context,
                "does not give out keys at farandole.personal.owners." + context
                        + ".url: is personalkeys in its management.endpoints.web.exposure.include?",
                null);
    }

    private static PersonalDataException refused(String sentence) {
        return new PersonalDataException(Reason.REFUSED, sentence);
    }

    private static PersonalDataException unavailable(String context, String why, @Nullable Exception cause) {
        return new PersonalDataException(
                Reason.UNAVAILABLE, "Context " + context + " owns the key of this, and " + why, cause);
    }
}
