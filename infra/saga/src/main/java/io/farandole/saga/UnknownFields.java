package io.farandole.saga;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields of a stored state that this version of the saga's class does not have. While two versions of a service run side by side, or
 * after a way back, the older one handles events of sagas that the newer one has written: what it does not know it must hand on, or
 * the newer one would find its field at its initial value, and nobody would be told. Fields of values inside the state are not kept:
 * there the class that changes takes another state version. Used by one thread.
 */
final class UnknownFields {

    /** The reader's attribute under which the fields of one state are kept. */
    static final String ATTRIBUTE = "io.farandole.saga.unknownFields";

    private final Map<String, JsonNode> fields = new LinkedHashMap<>();

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Puts them beside what the class has; its own come first. */
    void addTo(ObjectNode state) {
        fields.forEach((name, value) -> {
            if (!state.has(name)) {
                state.set(name, value);
            }
        });
    }

    /** Fills them while a state is read; costs nothing where every field is known. */
    static final class Keeping extends DeserializationProblemHandler {

        private final Class<?> sagaType;

        Keeping(Class<?> sagaType) {
            this.sagaType = sagaType;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                ValueDeserializer<?> deserializer,
                Object beanOrClass,
                String name) {
            if (sagaType.isInstance(beanOrClass) && context.getAttribute(ATTRIBUTE) instanceof UnknownFields unknown) {
                unknown.fields.put(name, context.readTree(parser));
                return true;
            }
            return false;
        }
    }
}
