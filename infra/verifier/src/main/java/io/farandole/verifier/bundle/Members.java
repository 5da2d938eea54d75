package io.farandole.verifier.bundle;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object. What is not of the kind that is asked for is refused by an {@link IllegalArgumentException} with
 * the member's name.
 *
 * @param values by name
 * @param raw the values' text as it was written, by name
 */
record Members(Map<String, @Nullable Object> values, Map<String, String> raw) {

    boolean has(String name) {
        return values.get(name) != null;
    }

    @Nullable String optional(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "a text");
    }

    String text(String name) {
        String value = optional(name);
        if (value == null) {
            throw new IllegalArgumentException("member " + name + " is missing");
        }
        return value;
    }

    long number(String name) {
        if (values.get(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    boolean flag(String name) {
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    @Nullable Instant time(String name) {
        String value = optional(name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw wrong(name, "a time");
        }
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object each : list(name)) {
            if (!(each instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    List<Members> objects(String name) {
        List<Members> objects = new ArrayList<>();
        for (Object each : list(name)) {
            if (!(each instanceof Map<?, ?> object)) {
                throw wrong(name, "a list of objects");
            }
            Map<String, @Nullable Object> members = new java.util.LinkedHashMap<>();
            object.forEach((key, value) -> members.put(String.valueOf(key), value));
            objects.add(new Members(members, Map.of()));
        }
        return objects;
    }

    private List<?> list(String name) {
        if (values.get(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("member " + name + " is not " + wanted);
    }
}
