package io.farandole.asyncapi;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Annotation;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schemas (draft 7) of records, each once, under {@code components/schemas}. A component is there and not null unless it is
 * {@code @Nullable}; what is not named may be there as well, for readers ignore what they do not know. Components stand in the order of their declaration. Used by one thread.
 */
final class PayloadSchemas {

    private static final String PLACE = "components/schemas";

    /** Flags in the expression itself, as in {@code (?s).*}. */
    private static final java.util.regex.Pattern FLAGS = java.util.regex.Pattern.compile("\\(\\?[a-zA-Z-]");

    private final SchemaBuilder schemas;

    PayloadSchemas(JsonMapper mapper) {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        mapper, SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS)
                .with(Option.PLAIN_DEFINITION_KEYS)
                .with(Option.STANDARD_FORMATS)
                .with(Option.INLINE_NULLABLE_SCHEMAS)
                .with(new JacksonSchemaModule(
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE, JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY))
                .with(new JakartaValidationModule());
        config.forTypesInGeneral()
                .withPropertySorter((one, other) -> 0)
                .withCustomDefinitionProvider(PayloadSchemas::valueOf);
        config.forFields()
                .withNullableCheck(PayloadSchemas::isNullable)
                .withRequiredCheck(field -> !isNullable(field))
                .withStringPatternResolver(PayloadSchemas::pattern)
                .withCustomDefinitionProvider(PayloadSchemas::text);
        this.schemas = new SchemaGenerator(config.build()).buildMultipleSchemaDefinitions();
    }

    private static boolean isNullable(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return false;
        }
        boolean declared = field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
        return declared
                && Stream.<Class<? extends Annotation>>of(NotNull.class, NotEmpty.class, NotBlank.class)
                        .allMatch(constraint -> field.getAnnotationConsideringFieldAndGetter(constraint) == null);
    }

    /** What is written as text although its class usually is not ({@code @JsonFormat}). */
    private static @Nullable CustomPropertyDefinition text(FieldScope field, SchemaGenerationContext context) {
        JsonFormat format = field.getAnnotationConsideringFieldAndGetter(JsonFormat.class);
        return format == null || format.shape() != JsonFormat.Shape.STRING
                ? null
                : new CustomPropertyDefinition(
                        context.getGeneratorConfig().createObjectNode().put("type", "string"));
    }

    /** Of a class that is written as a single value ({@code @JsonValue}), the schema of that value. */
    private static @Nullable CustomDefinition valueOf(ResolvedType type, SchemaGenerationContext context) {
        if (type.getErasedType().isEnum()) {
            return null;
        }
        return Stream.of(type.getErasedType().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(JsonValue.class))
                .findFirst()
                .map(method -> new CustomDefinition(
                        context.createDefinition(context.getTypeContext().resolve(method.getGenericReturnType())),
                        CustomDefinition.DefinitionType.INLINE,
                        CustomDefinition.AttributeInclusion.YES))
                .orElse(null);
    }

    /**
     * A constraint's regular expression, which is one of Java's and meant of the whole text, as one of JSON Schema's, which is found anywhere.
     * None if it has flags, which JSON Schema does not know: then the document promises less than the service checks.
     */
    private static @Nullable String pattern(FieldScope field) {
        Pattern constraint = field.isFakeContainerItemScope()
                ? field.getContainerItemAnnotation(Pattern.class)
                : field.getAnnotationConsideringFieldAndGetter(Pattern.class);
        if (constraint == null
                || constraint.flags().length > 0
                || FLAGS.matcher(constraint.regexp()).find()) {
            return null;
        }
        return "^(?:" + constraint.regexp() + ")$";
    }

    /** A reference to the schema of a class. */
    ObjectNode referenceTo(Class<?> type) {
        return schemas.createSchemaReference(type);
    }

    /** All that were referred to, by name; the last thing that is asked. */
    ObjectNode all() {
        return schemas.collectDefinitions(PLACE);
    }
}
