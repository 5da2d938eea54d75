package io.farandole.boot.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client says about a request that it may repeat.
 *
 * @param scope the request's path: the same key at another address is another request
 * @param key 1 to 200 visible ASCII characters, chosen by the client
 * @param requestHash tells the same request from another one; white space and the order of properties in a JSON body do
 *     not matter
 */
record IdempotencyKey(String scope, String key, String requestHash) {

    static final String HEADER = "Idempotency-Key";
    private static final int LONGEST = 200;
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /**
     * The key of a request; null if it has none.
     *
     * @throws ResponseStatusException 400 if it is not a key
     */
    static @Nullable IdempotencyKey of(HttpServletRequest request) throws IOException {
        String key = request.getHeader(HEADER);
        if (key == null) {
            return null;
        }
        if (key.isEmpty() || key.length() > LONGEST || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, HEADER + " is 1 to " + LONGEST + " visible ASCII characters");
        }
        return new IdempotencyKey(request.getRequestURI(), key, hash(request));
    }

    private static String hash(HttpServletRequest request) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String query = request.getQueryString();
            digest.update((query == null ? "" : query).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(canonical(BodyLimitFilter.bodyOf(request))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static byte[] canonical(byte[] body) {
        try {
            return CANONICAL.writeValueAsBytes(CANONICAL.readTree(body));
        } catch (JacksonException e) {
            return body;
        }
    }

    @Override
    public String toString() {
        return "IdempotencyKey[" + scope + " " + key + "]";
    }
}
