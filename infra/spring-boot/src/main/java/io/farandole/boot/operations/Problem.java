package io.farandole.boot.operations;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * A refusal as a problem document (RFC 9457).
 *
 * @param status of HTTP
 * @param detail a sentence that says what to do next
 * @param member a further member's name; null for none
 * @param value of that member
 */
record Problem(HttpStatus status, String detail, @Nullable String member, @Nullable Object value) {

    static final String MEDIA_TYPE = "application/problem+json";
    private static final MimeType TYPE = MimeTypeUtils.parseMimeType(MEDIA_TYPE);

    static Problem of(HttpStatus status, String detail) {
        return new Problem(status, detail, null, null);
    }

    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", status.getReasonPhrase());
        document.put("status", status.value());
        document.put("detail", detail);
        if (member != null) {
            document.put(member, value);
        }
        return document;
    }

    /** As an endpoint's answer; written with Actuator's own mapper, whatever the application's is set to. */
    WebEndpointResponse<Object> response() {
        return new WebEndpointResponse<>(OperationResponseBody.of(document()), status.value(), TYPE);
    }
}
