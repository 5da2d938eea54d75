package io.farandole.boot.operations;

import io.farandole.audit.timeline.Timeline;
import io.farandole.audit.timeline.Timeline.Missing;
import io.farandole.audit.timeline.TimelineMermaid;
import io.farandole.audit.timeline.TimelineSvg;
import io.farandole.audit.timeline.TimelineText;
import io.farandole.boot.audit.ProcessTimelines;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;
import org.springframework.util.MimeType;

/**
 * {@code GET /actuator/timeline?key=...&format=...}: what happened to a process in all contexts, in causal order, and where it stands. As JSON,
 * or as {@code text}, {@code mermaid} or {@code svg}. Tells no payloads.
 */
@WebEndpoint(id = TimelineEndpoint.ID)
class TimelineEndpoint {

    static final String ID = "timeline";

    private final ProcessTimelines timelines;

    TimelineEndpoint(ProcessTimelines timelines) {
        this.timelines = timelines;
    }

    /** As it is asked for. */
    enum Format {
        JSON,
        TEXT,
        MERMAID,
        SVG
    }

    @ReadOperation
    public WebEndpointResponse<Object> timeline(
            SecurityContext security, @Nullable String key, @Nullable String format) {
        return SignedIn.run(security, person -> {
            String processKey = Input.required("key", key);
            String wanted = Input.optional(format);
            Format as = wanted == null ? Format.JSON : Input.choice("format", wanted, Format.class);
            Timeline timeline = timelines.of(processKey);
            if (!timeline.isKnown()) {
                return new Problem(HttpStatus.NOT_FOUND, unknown(timeline), "outcome", "UNKNOWN_PROCESS").response();
            }
            return switch (as) {
                case JSON -> new WebEndpointResponse<>(timeline);
                case TEXT -> text(TimelineText.of(timeline), "text/plain;charset=UTF-8");
                case MERMAID -> text(TimelineMermaid.of(timeline), "text/plain;charset=UTF-8");
                case SVG -> text(TimelineSvg.of(timeline), "image/svg+xml;charset=UTF-8");
            };
        });
    }

    private static String unknown(Timeline timeline) {
        String sentence = "No context that was asked knows process " + timeline.processKey() + ": check the key.";
        return timeline.missing().isEmpty()
                ? sentence
                : sentence + " No answer came from "
                        + timeline.missing().stream().map(Missing::context).collect(Collectors.joining(", ")) + ".";
    }

    private static WebEndpointResponse<Object> text(String text, String type) {
        return new WebEndpointResponse<>(
                text.getBytes(StandardCharsets.UTF_8), HttpStatus.OK.value(), MimeType.valueOf(type));
    }
}
