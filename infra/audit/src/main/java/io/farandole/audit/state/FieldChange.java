package io.farandole.audit.state;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A field that has another value than before.
 *
 * @param field its path, such as {@code facts.lines[0].quantity}
 * @param before null if it was not there
 * @param after null if it is not there any more
 * @param by the sequence numbers of the events that changed it, in order; several where it was changed more than once
 */
public record FieldChange(String field, @Nullable JsonNode before, @Nullable JsonNode after, List<Long> by) {

    public FieldChange {
        by = List.copyOf(by);
    }

    /** Without the values, which may be personal data. */
    @Override
    public String toString() {
        return "FieldChange[" + field + " by " + by + "]";
    }
}
