package io.farandole.audit.export;

import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.bundle.BundledRow;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the values of fields out of a row, by the fields' names, wherever they are in its JSON texts. What is sealed for a person is
 * left as it is: it is unreadable, and part of what is proven. Thread-safe.
 */
final class Masking {

    /** What stands in place of a value. */
    static final String MASK = "▒▒▒ masked";

    private static final List<RowColumn> TEXTS = List.of(RowColumn.PAYLOAD, RowColumn.METADATA, RowColumn.WIRE_PAYLOAD);

    private final Set<String> fields;
    private final JsonCodec codec;

    Masking(Set<String> fields, JsonCodec codec) {
        this.fields = Set.copyOf(fields);
        this.codec = codec;
    }

    BundledRow masked(BundledRow row) {
        Map<RowColumn, String> changed = new EnumMap<>(RowColumn.class);
        for (RowColumn column : TEXTS) {
            String text = row.text(column);
            // A name may be written with escapes, so a text with any is looked at too.
            if (text.indexOf('\\') >= 0 || fields.stream().anyMatch(text::contains)) {
                String masked = masked(text);
                if (masked != null) {
                    changed.put(column, masked);
                }
            }
        }
        return row.redacted(changed);
    }

    /** The text without the values; null if it has none of the fields. */
    private @Nullable String masked(String text) {
        try {
            JsonNode tree = codec.readTree(text);
            return mask(tree) ? codec.write(tree) : null;
        } catch (CodecException e) {
            // Whatever it is, nobody can tell where a field begins in it and where it ends.
            return codec.write(MASK);
        }
    }

    private boolean mask(JsonNode node) {
        boolean changed = false;
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(name);
                if (fields.contains(name)) {
                    if (!value.isNull()) {
                        object.put(name, MASK);
                        changed = true;
                    }
                } else {
                    changed |= mask(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (JsonNode element : array) {
                changed |= mask(element);
            }
        }
        return changed;
    }
}
