package io.farandole.boot.web;

import io.farandole.messaging.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A client's trace (W3C Trace Context): handed on as it came, or not at all if it is not of that form. */
final class TraceContext {

    /** Version, trace id, parent id, flags. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceContext() {}

    /** What a command's metadata is to have; empty without a trace. */
    static Map<String, String> of(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(Headers.TRACEPARENT));
        return given.size() == 1 && FORM.matcher(given.get(0)).matches()
                ? Map.of(Headers.TRACEPARENT, given.get(0))
                : Map.of();
    }
}
