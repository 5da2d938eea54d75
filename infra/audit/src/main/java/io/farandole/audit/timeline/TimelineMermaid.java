package io.farandole.audit.timeline;

import io.farandole.audit.timeline.Timeline.Entry;
import io.farandole.audit.timeline.Timeline.Heard;
import java.util.LinkedHashSet;
import java.util.Set;

/** A timeline as a Mermaid sequence diagram: an arrow for each context that heard of an event, a note for what nobody else did. */
public final class TimelineMermaid {

    private TimelineMermaid() {}

    /** The diagram's source, with a newline at the end. */
    public static String of(Timeline timeline) {
        StringBuilder text = new StringBuilder("sequenceDiagram\n");
        contexts(timeline).forEach(context -> text.append("    participant ")
                .append(id(context))
                .append(" as ")
                .append(name(context))
                .append('\n'));
        for (Entry entry : timeline.events()) {
            for (Heard heard : entry.heard()) {
                text.append("    ")
                        .append(id(entry.context()))
                        .append("->>")
                        .append(id(heard.context()))
                        .append(": ")
                        .append(name(label(entry)))
                        .append(" (")
                        .append(Durations.text(heard.after()))
                        .append(")\n");
            }
            if (entry.heard().isEmpty()) {
                text.append("    Note over ")
                        .append(id(entry.context()))
                        .append(": ")
                        .append(name(entry.type()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** As others know it, without the version; as it is stored, if it is private. */
    static String label(Entry entry) {
        String name = entry.publishedAs();
        return name == null ? entry.type() : name.replaceFirst("\\.v\\d+$", "");
    }

    /** In the order in which they come into it. */
    static Set<String> contexts(Timeline timeline) {
        Set<String> contexts = new LinkedHashSet<>();
        timeline.events().forEach(entry -> {
            contexts.add(entry.context());
            entry.heard().forEach(heard -> contexts.add(heard.context()));
        });
        return contexts;
    }

    /** Mermaid has words of its own, such as end; an underscore keeps a context from being one. */
    private static String id(String context) {
        return "c_" + context.replaceAll("[^A-Za-z0-9]", "_");
    }

    /** What Mermaid would take for syntax becomes its character code. */
    private static String name(String text) {
        StringBuilder name = new StringBuilder();
        text.chars().forEach(c -> {
            boolean plain = Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == ' ';
            name.append(plain ? Character.toString(c) : "#" + c + ";");
        });
        return name.toString();
    }
}
