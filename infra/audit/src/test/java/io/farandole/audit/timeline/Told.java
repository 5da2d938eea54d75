package io.farandole.audit.timeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Histories as contexts would tell them: each event's id is its type, and its time is in milliseconds after the first one. */
final class Told {

    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final String context;
    private final List<HistoryEvent> events = new ArrayList<>();

    private Told(String context) {
        this.context = context;
    }

    static Told by(String context) {
        return new Told(context);
    }

    /** What the context made. */
    Told did(String type, @Nullable String cause, long millis) {
        return add(true, context, type, cause, millis, millis, "Do" + type);
    }

    /** What it received. */
    Told heard(String source, String type, @Nullable String cause, long millis, long after) {
        return add(false, source, type, cause, millis, millis + after, null);
    }

    private Told add(
            boolean own,
            String source,
            String type,
            @Nullable String cause,
            long millis,
            long recorded,
            @Nullable String command) {
        int position = events.size() + 1;
        events.add(new HistoryEvent(
                position,
                own,
                source,
                type,
                source + "." + type,
                1,
                own ? "Thing" : null,
                "thing-1",
                own ? (long) position : null,
                source + "." + type + ".v1",
                command,
                "conversation",
                cause,
                START.plusMillis(millis),
                START.plusMillis(recorded)));
        return this;
    }

    ProcessHistory history() {
        return new ProcessHistory(context, "o-1", events, false, List.of());
    }
}
