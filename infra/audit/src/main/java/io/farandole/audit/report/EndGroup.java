package io.farandole.audit.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes that have the same in a field of an event.
 *
 * @param value of the field, as text; null for those whose event has no such field
 * @param processes how many
 * @param examples the keys of a few, newest first
 */
public record EndGroup(@Nullable String value, long processes, List<String> examples) {

    public EndGroup {
        examples = List.copyOf(examples);
    }
}
