package io.farandole.messaging;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads to JSON and back, with Jackson 3, without polymorphic typing: the class to read comes from the closed
 * registry, never from the text. Unknown properties are ignored, so that a newer producer does not stop an older
 * consumer; a missing value for a primitive is an error. Times are ISO-8601 text. Nesting, number and string lengths are
 * bounded.
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonCodec {

    /** The deepest nesting that is read. */
    public static final int MAX_NESTING = 64;

    /** The longest string value that is read, in characters. */
    public static final int MAX_STRING = 1 << 20;

    private final JsonMapper mapper;

    /** A codec with the settings above. */
    public JsonCodec() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(100)
                        .build())
                .build();
        this.mapper = JsonMapper.builder(factory)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    /** The mapper itself, for what needs a tree or other visibility; derive from it with {@code rebuild()}. */
    public JsonMapper mapper() {
        return mapper;
    }

    /**
     * JSON text of a value.
     *
     * @throws CodecException if it cannot be written
     */
    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new CodecException("Cannot write " + value.getClass().getName() + " as JSON", e);
        }
    }

    /**
     * Reads JSON text as a class.
     *
     * @throws CodecException if it is not JSON, or does not fit the class; its message holds no payload data
     */
    public <T> T read(String json, Class<T> type) {
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new CodecException("Cannot read JSON null as " + type.getName(), null);
            }
            return value;
        } catch (JacksonException e) {
            throw new CodecException("Cannot read JSON as " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Reads UTF-8 JSON as a class; see {@link #read(String, Class)}. */
    public <T> T read(byte[] json, Class<T> type) {
        return read(new String(json, StandardCharsets.UTF_8), type);
    }

    /**
     * Reads JSON text as a tree, for upcasters.
     *
     * @throws CodecException if it is not JSON
     */
    public JsonNode readTree(String json) {
        try {
            return mapper.readTree(json);
        } catch (JacksonException e) {
            throw new CodecException("Cannot read JSON: " + e.getOriginalMessage(), e);
        }
    }
}
