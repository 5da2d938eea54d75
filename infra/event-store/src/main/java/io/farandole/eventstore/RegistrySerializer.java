package io.farandole.eventstore;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Axon's serializer over the closed registry: JSON text, and no way from a name to a class except through the registry.
 *
 * <p>It knows three things and nothing else: the registered events, by their registered name and version (which is Axon's
 * revision); metadata and tracking tokens, by a fixed list of names; and aggregates registered with {@link
 * Builder#aggregate}, which are written field by field for snapshots. A name that it does not know becomes an {@link
 * UnknownSerializedType}; a class that it does not know is an error that says how to register it. No class is ever loaded
 * by name.
 *
 * <p>Upcasters may ask for {@code String}, {@code byte[]} or Jackson 3's {@link JsonNode}. Immutable and thread-safe.
 */
public final class RegistrySerializer implements Serializer {

    private static final String METADATA = MetaData.class.getName();

    private final EventTypes types;
    private final JsonCodec codec;
    private final JsonMapper fields;
    private final TokenCodec tokens;
    private final ChainingConverter converter;
    private final Map<SerializedType, Class<?>> classes = new LinkedHashMap<>();
    private final Map<Class<?>, SerializedType> names = new LinkedHashMap<>();
    private final Map<Class<?>, SerializedType> aggregates;

    private RegistrySerializer(Builder builder) {
        this.types = builder.types;
        this.codec = builder.codec;
        this.fields = codec.mapper()
                .rebuild()
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .changeDefaultVisibility(visibility -> visibility
                        .withVisibility(PropertyAccessor.ALL, Visibility.NONE)
                        .withVisibility(PropertyAccessor.FIELD, Visibility.ANY)
                        .withVisibility(PropertyAccessor.CREATOR, Visibility.ANY))
                .build();
        this.tokens = new TokenCodec(codec.mapper());
        this.converter = JsonConverters.converter(codec.mapper());
        this.aggregates = Map.copyOf(builder.aggregates);
        for (EventType type : types.all()) {
            register(name(type), types.classOf(type).orElseThrow());
        }
        aggregates.forEach((javaType, name) -> register(name, javaType));
        classes.put(new SimpleSerializedType(METADATA, null), MetaData.class);
        names.put(MetaData.class, new SimpleSerializedType(METADATA, null));
    }

    private void register(SerializedType name, Class<?> javaType) {
        if (classes.putIfAbsent(name, javaType) != null || names.putIfAbsent(javaType, name) != null) {
            throw new IllegalArgumentException(javaType.getName() + " or its name " + name.getName()
                    + " is registered twice: a class has one name");
        }
    }

    private static SerializedType name(EventType type) {
        return new SimpleSerializedType(type.name(), Integer.toString(type.version()));
    }

    /** A serializer for these events, with Farandole's ordinary codec. */
    public static RegistrySerializer of(EventTypes types) {
        return builder(types, new JsonCodec()).build();
    }

    /** Starts a serializer for these events. */
    public static Builder builder(EventTypes types, JsonCodec codec) {
        return new Builder(types, codec);
    }

    /** The registry that it serves. */
    public EventTypes types() {
        return types;
    }

    /** The codec that it uses. */
    public JsonCodec codec() {
        return codec;
    }

    /**
     * The fields of any object, as those of aggregates are written for snapshots, whether it is registered or not: to show them, not to read
     * them back.
     *
     * @throws SerializationException if one of the fields is no state and cannot be written
     */
    public JsonNode fieldsOf(Object object) {
        try {
            return fields.valueToTree(object);
        } catch (JacksonException e) {
            throw new SerializationException(
                    "The fields of " + object.getClass().getName() + " cannot be written as JSON ("
                            + e.getOriginalMessage() + "): make fields that are no state transient",
                    e);
        }
    }

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> expectedRepresentation) {
        SerializedType type = typeOf(object);
        String json;
        try {
            if (object instanceof TrackingToken token) {
                json = tokens.write(token, this);
            } else if (object != null && aggregates.containsKey(object.getClass())) {
                json = fields.writeValueAsString(object);
            } else {
                json = object == null ? "null" : codec.write(object);
            }
        } catch (JacksonException | CodecException e) {
            throw new SerializationException("Cannot write " + type.getName() + " as JSON", e);
        }
        return new SimpleSerializedObject<>(
                converter.convert(json, String.class, expectedRepresentation), expectedRepresentation, type);
    }

    private SerializedType typeOf(@Nullable Object object) {
        return object instanceof TrackingToken token
                ? new SimpleSerializedType(TokenCodec.name(token), null)
                : typeForClass(object == null ? null : object.getClass());
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> expectedRepresentation) {
        return converter.canConvert(String.class, expectedRepresentation);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as Axon declares it, null included
    public <S, T> T deserialize(SerializedObject<S> serialized) {
        SerializedType type = serialized.getType();
        if (SerializedType.emptyType().equals(type)) {
            return null;
        }
        if (serialized.getData() instanceof MetaData) {
            return (T) serialized.getData();
        }
        Class<?> javaType = classForType(type);
        if (javaType == UnknownSerializedType.class) {
            return (T) new UnknownSerializedType(this, serialized);
        }
        try {
            if (TokenCodec.knows(type.getName())) {
                return (T) tokens.read(text(serialized), this);
            }
            if (javaType == MetaData.class) {
                return (T) MetaData.from(JournalEventData.readMap(text(serialized), codec));
            }
            JsonMapper mapper = aggregates.containsKey(javaType) ? fields : codec.mapper();
            Object value = serialized.getData() instanceof JsonNode tree
                    ? mapper.treeToValue(tree, javaType)
                    : mapper.readValue(text(serialized), javaType);
            if (value == null) {
                throw new SerializationException("JSON null is no " + type.getName());
            }
            return (T) value;
        } catch (JacksonException e) {
            throw new SerializationException(
                    "Cannot read " + type.getName() + " revision " + type.getRevision() + " as " + javaType.getName()
                            + ": " + e.getOriginalMessage(),
                    e);
        }
    }

    private String text(SerializedObject<?> serialized) {
        Object data = serialized.getData();
        if (data instanceof String text) {
            return text;
        }
        return data instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : converter.convert(serialized, String.class).getData();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Axon declares it
    public Class classForType(SerializedType type) {
        if (SerializedType.emptyType().equals(type)) {
            return Void.class;
        }
        Class<?> known = classes.get(type);
        if (known != null) {
            return known;
        }
        return TokenCodec.knows(type.getName()) ? TrackingToken.class : UnknownSerializedType.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Axon declares it
    public SerializedType typeForClass(@Nullable Class type) {
        if (type == null || type == Void.class || type == void.class) {
            return SerializedType.emptyType();
        }
        SerializedType name = names.get(type);
        if (name == null) {
            throw new SerializationException(type.getName()
                    + " is not registered. An event belongs into the context's EventTypes bean; an aggregate that is to have"
                    + " snapshots is registered with RegistrySerializer.builder(..).aggregate(\"<context>.<kebab-name>\", 1, "
                    + type.getSimpleName() + ".class)");
        }
        return name;
    }

    @Override
    public Converter getConverter() {
        return converter;
    }

    /** Metadata as Axon wants it, without a detour over text. */
    static SerializedObject<MetaData> metaData(MetaData metaData) {
        return new SerializedMetaData<>(metaData, MetaData.class);
    }

    /** Collects what a serializer knows beside the events; not thread-safe. */
    public static final class Builder {

        private final EventTypes types;
        private final JsonCodec codec;
        private final Map<Class<?>, SerializedType> aggregates = new LinkedHashMap<>();

        private Builder(EventTypes types, JsonCodec codec) {
            this.types = types;
            this.codec = codec;
        }

        /**
         * Lets snapshots of an aggregate be taken. It is written by its fields, whatever their visibility, except static
         * and transient ones; it needs a constructor without parameters, of any visibility. Raise the version when
         * the fields' meaning changes: snapshots of another version are ignored, and the aggregate is loaded from its
         * events.
         */
        public Builder aggregate(String name, int version, Class<?> type) {
            aggregates.put(type, name(new EventType(name, version)));
            return this;
        }

        /** The finished serializer. */
        public RegistrySerializer build() {
            return new RegistrySerializer(this);
        }
    }
}
