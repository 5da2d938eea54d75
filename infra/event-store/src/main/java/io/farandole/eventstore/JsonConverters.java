package io.farandole.eventstore;

import java.util.function.Function;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.ContentTypeConverter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Between JSON text, bytes and trees, for upcasters. */
final class JsonConverters {

    private JsonConverters() {}

    /** A converter that also knows Jackson 3's trees. */
    static ChainingConverter converter(JsonMapper mapper) {
        ChainingConverter converter = new ChainingConverter(JsonConverters.class.getClassLoader());
        converter.registerConverter(new Step<>(String.class, JsonNode.class, mapper::readTree));
        converter.registerConverter(new Step<>(JsonNode.class, String.class, mapper::writeValueAsString));
        converter.registerConverter(new Step<>(byte[].class, JsonNode.class, mapper::readTree));
        converter.registerConverter(new Step<>(JsonNode.class, byte[].class, mapper::writeValueAsBytes));
        return converter;
    }

    private record Step<S, T>(Class<S> expectedSourceType, Class<T> targetType, Function<S, T> conversion)
            implements ContentTypeConverter<S, T> {
        @Override
        public T convert(S original) {
            return conversion.apply(original);
        }
    }
}
