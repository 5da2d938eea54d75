package io.farandole.saga;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A saga's state as JSON: its fields, whatever their visibility, but neither transient ones nor injected resources (a field
 * annotated {@code @Autowired}, {@code @Inject}, {@code @Resource}, {@code @Value} or {@code @PersistenceContext}, or whose
 * setter is). Reading fills the fields of a new instance; a field that is not in the JSON keeps its initial value,
 * and one that the class does not have is handed on ({@link UnknownFields}). The class
 * is the registered one: no name in the JSON or the database leads to a class.
 */
final class SagaStateCodec<T> {

    private static final Set<String> INJECTED =
            Set.of("Autowired", "Inject", "Resource", "Value", "PersistenceContext", "PersistenceUnit", "Qualifier");

    /** For a state that has had one version only. */
    static final StateUpcaster NO_OLDER_VERSION = (state, fromVersion) -> {
        throw new CodecException(
                "A saga is stored with state version " + fromVersion
                        + ", and no upcaster is given: give one to the saga's invoker",
                null);
    };

    /** What is certainly no state. */
    private static final Set<String> RESOURCES = Set.of(
            "org.axonframework.",
            "org.springframework.",
            "io.farandole.saga.barrier.",
            "io.farandole.saga.deadline.",
            "io.farandole.saga.outside.");

    private final Class<T> type;
    private final Supplier<T> factory;
    private final int version;
    private final StateUpcaster upcaster;
    private final JsonMapper mapper;

    SagaStateCodec(Class<T> type, Supplier<T> factory, int version, StateUpcaster upcaster, JsonCodec codec) {
        this.type = type;
        this.factory = factory;
        this.version = version;
        this.upcaster = upcaster;
        this.mapper = codec.mapper()
                .rebuild()
                .changeDefaultVisibility(visibility -> visibility
                        .withVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                        .withVisibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
                        .withVisibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
                        .withVisibility(PropertyAccessor.SETTER, JsonAutoDetect.Visibility.NONE))
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .enable(MapperFeature.PROPAGATE_TRANSIENT_MARKER)
                .annotationIntrospector(new WithoutResources())
                .addHandler(new UnknownFields.Keeping(type))
                // What is handed on is handed on digit by digit.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    int version() {
        return version;
    }

    /** A new saga, with its initial state. */
    T create() {
        return factory.get();
    }

    /** The state, with what was read with it and is not known here. */
    String write(T saga, UnknownFields unknown) {
        try {
            if (unknown.isEmpty()) {
                return mapper.writeValueAsString(saga);
            }
            ObjectNode state = mapper.valueToTree(saga);
            unknown.addTo(state);
            return mapper.writeValueAsString(state);
        } catch (JacksonException e) {
            throw new CodecException(
                    "Cannot write the state of saga " + type.getName()
                            + " as JSON: make fields that are no state transient",
                    e);
        }
    }

    /**
     * The saga of a stored state.
     *
     * @param unknown takes the fields that this version does not have
     */
    T read(String json, int storedVersion, String processKey, UnknownFields unknown) {
        if (storedVersion > version) {
            throw new CodecException(
                    "Saga " + type.getName() + " of process " + processKey + " was stored with state version "
                            + storedVersion + " by a newer program; this one knows " + version,
                    null);
        }
        try {
            ObjectReader reader =
                    mapper.readerForUpdating(factory.get()).withAttribute(UnknownFields.ATTRIBUTE, unknown);
            if (storedVersion == version) {
                return reader.readValue(json);
            }
            ObjectNode upcast = upcaster.upcast((ObjectNode) mapper.readTree(json), storedVersion);
            return reader.readValue(upcast);
        } catch (JacksonException e) {
            throw new CodecException(
                    "Cannot read the state of saga " + type.getName() + " of process " + processKey + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    /**
     * Finds out at start-up what would otherwise lose state at run time.
     *
     * @throws IllegalArgumentException saying what to change
     */
    void verify() {
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!isState(field)) {
                    continue;
                }
                Class<?> fieldType = field.getType();
                if (RESOURCES.stream().anyMatch(fieldType.getName()::startsWith)) {
                    throw new IllegalArgumentException("Field " + field.getName() + " of saga " + type.getName()
                            + " is a " + fieldType.getName() + ", a resource and not state: make it transient");
                }
            }
        }
        UnknownFields none = new UnknownFields();
        read(write(factory.get(), none), version, "(start-up check)", none);
    }

    private static boolean isState(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())
                && !field.isSynthetic()
                && !isInjected(field);
    }

    private static boolean isInjected(Field field) {
        if (hasInjection(field.getAnnotations())) {
            return true;
        }
        String name = field.getName();
        String setter = "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return Stream.of(field.getDeclaringClass().getDeclaredMethods())
                .filter(method -> method.getName().equals(setter) && method.getParameterCount() == 1)
                .map(Method::getAnnotations)
                .anyMatch(SagaStateCodec::hasInjection);
    }

    private static boolean hasInjection(Annotation[] annotations) {
        Set<String> names = new HashSet<>();
        Arrays.stream(annotations).forEach(a -> names.add(a.annotationType().getSimpleName()));
        names.retainAll(INJECTED);
        return !names.isEmpty();
    }

    private static final class WithoutResources extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean hasIgnoreMarker(MapperConfig<?> config, AnnotatedMember member) {
            Object annotated = member.getAnnotated();
            return (annotated instanceof Field field && isInjected(field)) || super.hasIgnoreMarker(config, member);
        }
    }
}
