package io.farandole.boot.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** What a POST was answered, in the form in which it is remembered and sent: once written as JSON, the text stays the same. */
record Answer(int status, Map<String, List<String>> headers, @Nullable String body) {

    /** Set on an answer that was remembered, not worked out. */
    static final String REPLAYED = "Idempotent-Replayed";

    /** The form of what a handler method returned: an entity, or a body for status {@code 200}, written as JSON. */
    static Answer of(@Nullable Object returned, JsonMapper mapper) {
        ResponseEntity<?> entity =
                returned instanceof ResponseEntity<?> response ? response : ResponseEntity.ok(returned);
        Map<String, List<String>> headers = new TreeMap<>();
        entity.getHeaders().forEach((name, values) -> headers.put(name, List.copyOf(values)));
        Object value = entity.getBody();
        String body = value == null ? null : mapper.writeValueAsString(value);
        if (body != null) {
            headers.putIfAbsent(HttpHeaders.CONTENT_TYPE, List.of(MediaType.APPLICATION_JSON_VALUE));
        }
        return new Answer(entity.getStatusCode().value(), headers, body);
    }

    ResponseEntity<byte[]> toResponse() {
        return ResponseEntity.status(status)
                .headers(target -> headers.forEach(target::put))
                .body(bytes());
    }

    ResponseEntity<byte[]> replayed() {
        return ResponseEntity.status(status)
                .headers(target -> {
                    headers.forEach(target::put);
                    target.set(REPLAYED, "true");
                })
                .body(bytes());
    }

    private byte @Nullable [] bytes() {
        return body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
