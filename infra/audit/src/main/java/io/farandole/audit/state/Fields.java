package io.farandole.audit.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares states field by field. Pure. */
final class Fields {

    private Fields() {}

    /** The leaves of a state by their paths; an empty object or list is a leaf. */
    static Map<String, JsonNode> of(@Nullable JsonNode state) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        if (state != null) {
            collect("", state, leaves);
        }
        return leaves;
    }

    private static void collect(String path, JsonNode value, Map<String, JsonNode> leaves) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties()
                    .forEach(property -> collect(
                            path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                            property.getValue(),
                            leaves));
        } else if (value.isArray() && !value.isEmpty()) {
            for (int i = 0; i < value.size(); i++) {
                collect(path + "[" + i + "]", value.get(i), leaves);
            }
        } else if (!path.isEmpty()) {
            leaves.put(path, value);
        }
    }

    /** What differs, in the order in which the fields stand. */
    static List<FieldChange> changes(
            Map<String, JsonNode> before, Map<String, JsonNode> after, Function<String, List<Long>> by) {
        Set<String> paths = new LinkedHashSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<FieldChange> changes = new ArrayList<>();
        for (String path : paths) {
            JsonNode old = before.get(path);
            JsonNode now = after.get(path);
            if (old == null || !old.equals(now)) {
                changes.add(new FieldChange(path, old, now, by.apply(path)));
            }
        }
        return changes;
    }
}
