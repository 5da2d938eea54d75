package io.farandole.eventstore;

import io.farandole.messaging.EventType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.MultiSourceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.ConfigToken;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tracking tokens as JSON: a fixed list of kinds, each under a name of its own, so that a token can be read with psql and
 * never names a class. What a replay was started with (its context) must be null, text, a number, a boolean, or a
 * registered event.
 */
final class TokenCodec {

    private static final String SEQUENCE = "farandole.token.sequence";
    private static final String REPLAY = "farandole.token.replay";
    private static final String MERGED = "farandole.token.merged";
    private static final String MULTI = "farandole.token.multi-source";
    private static final String CONFIG = "farandole.token.config";
    private static final String KIND = "kind";

    private final JsonMapper mapper;

    TokenCodec(JsonMapper mapper) {
        this.mapper = mapper;
    }

    static boolean knows(String name) {
        return switch (name) {
            case SEQUENCE, REPLAY, MERGED, MULTI, CONFIG -> true;
            default -> false;
        };
    }

    static String name(TrackingToken token) {
        if (token.getClass() == GlobalSequenceTrackingToken.class) {
            return SEQUENCE;
        } else if (token.getClass() == ReplayToken.class) {
            return REPLAY;
        } else if (token.getClass() == MergedTrackingToken.class) {
            return MERGED;
        } else if (token.getClass() == MultiSourceTrackingToken.class) {
            return MULTI;
        } else if (token.getClass() == ConfigToken.class) {
            return CONFIG;
        }
        throw new SerializationException(
                token.getClass().getName() + " is no kind of token that a journal's processors have");
    }

    String write(TrackingToken token, RegistrySerializer serializer) {
        return mapper.writeValueAsString(tree(token, serializer));
    }

    TrackingToken read(String json, RegistrySerializer serializer) {
        TrackingToken token = token(mapper.readTree(json), serializer);
        if (token == null) {
            throw new SerializationException("JSON null is no token");
        }
        return token;
    }

    private JsonNode tree(@Nullable TrackingToken token, RegistrySerializer serializer) {
        if (token == null) {
            return mapper.nullNode();
        }
        ObjectNode node = mapper.createObjectNode().put(KIND, name(token));
        if (token instanceof GlobalSequenceTrackingToken sequence) {
            node.put("position", sequence.getGlobalIndex());
        } else if (token instanceof ReplayToken replay) {
            node.set("tokenAtReset", tree(replay.getTokenAtReset(), serializer));
            node.set("currentToken", tree(replay.getCurrentToken(), serializer));
            context(node, replay.context(), serializer);
        } else if (token instanceof MergedTrackingToken merged) {
            node.set("lower", tree(merged.lowerSegmentToken(), serializer));
            node.set("upper", tree(merged.upperSegmentToken(), serializer));
        } else if (token instanceof MultiSourceTrackingToken multi) {
            ObjectNode sources = node.putObject("sources");
            multi.getTrackingTokens().forEach((source, part) -> sources.set(source, tree(part, serializer)));
        } else if (token instanceof ConfigToken config) {
            ObjectNode values = node.putObject("values");
            config.getConfig().forEach(values::put);
        }
        return node;
    }

    private void context(ObjectNode node, @Nullable Object context, RegistrySerializer serializer) {
        if (context == null) {
            return;
        }
        if (context instanceof String || context instanceof Number || context instanceof Boolean) {
            node.set("context", mapper.valueToTree(context));
        } else {
            EventType type = serializer.types().typeOf(context.getClass());
            node.put("contextType", type.wireType());
            node.set("context", mapper.valueToTree(context));
        }
    }

    private @Nullable TrackingToken token(@Nullable JsonNode node, RegistrySerializer serializer) {
        if (node == null || node.isNull()) {
            return null;
        }
        String kind = node.path(KIND).asString("");
        return switch (kind) {
            case SEQUENCE ->
                new GlobalSequenceTrackingToken(node.required("position").asLong());
            case REPLAY -> replay(node, serializer);
            case MERGED ->
                new MergedTrackingToken(token(node.get("lower"), serializer), token(node.get("upper"), serializer));
            case MULTI -> {
                Map<String, @Nullable TrackingToken> sources = new LinkedHashMap<>();
                node.required("sources")
                        .properties()
                        .forEach(part -> sources.put(part.getKey(), token(part.getValue(), serializer)));
                yield new MultiSourceTrackingToken(sources);
            }
            case CONFIG -> {
                Map<String, String> values = new LinkedHashMap<>();
                node.required("values")
                        .properties()
                        .forEach(part ->
                                values.put(part.getKey(), part.getValue().asString()));
                yield new ConfigToken(values);
            }
            default -> throw new SerializationException("'" + kind + "' is no kind of token");
        };
    }

    private @Nullable TrackingToken replay(JsonNode node, RegistrySerializer serializer) {
        TrackingToken reset = token(node.get("tokenAtReset"), serializer);
        TrackingToken current = token(node.get("currentToken"), serializer);
        Object context = null;
        JsonNode value = node.get("context");
        if (value != null && !value.isNull()) {
            String type = node.path("contextType").asString("");
            Class<?> javaType = type.isEmpty()
                    ? Object.class
                    : serializer
                            .types()
                            .classOf(EventType.parse(type))
                            .orElseThrow(() ->
                                    new SerializationException("A replay's context is of the unknown type " + type));
            context = mapper.treeToValue(value, javaType);
        }
        return ReplayToken.createReplayToken(reset, current, context);
    }
}
