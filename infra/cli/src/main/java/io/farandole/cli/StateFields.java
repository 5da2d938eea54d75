package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The fields of a state by their paths, in order. */
final class StateFields {

    private StateFields() {}

    static Map<String, String> of(JsonNode state) {
        Map<String, String> fields = new LinkedHashMap<>();
        collect("", state, fields);
        return fields;
    }

    private static void collect(String path, JsonNode value, Map<String, String> fields) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties()
                    .forEach(property -> collect(
                            path.isEmpty() ? Text.line(property.getKey()) : path + "." + Text.line(property.getKey()),
                            property.getValue(),
                            fields));
        } else if (value.isArray() && !value.isEmpty()) {
            for (int i = 0; i < value.size(); i++) {
                collect(path + "[" + i + "]", value.get(i), fields);
            }
        } else if (!path.isEmpty()) {
            fields.put(path, value(value));
        }
    }

    /** A value as people read it; what is not there is told apart from what is null. */
    static String value(JsonNode value) {
        if (value.isMissingNode()) {
            return "-";
        }
        return value.isNull() ? "null" : value.isString() ? Text.of(value) : Text.line(value.toString());
    }
}
