package io.farandole.verifier.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON, read strictly (RFC 8259) by Jackson's parser; it is told where a member's value stands, for a payload is compared as it was written. A name that
 * is there twice is refused, for two programs would read two different things. What is wrong is told without the text, which may be personal.
 */
final class Json {

    /** What a journal takes is far smaller; a text that is larger or deeper is refused rather than read into memory. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxStringLength(1 << 26)
                    .build())
            .build();

    private static final long MOST_DIGITS_OF_A_LONG = 18;

    private Json() {}

    /**
     * The members of an object: String, Boolean, Long, Double, List, Map, or null.
     *
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    static Members object(String text) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Map<String, String> raw = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.toCharArray())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                put(values, name, value(parser));
                raw.put(name, text.substring(start, Math.toIntExact(endOf(parser))));
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new IllegalArgumentException("it is no JSON: there is more behind the object");
            }
            return new Members(values, raw);
        } catch (JacksonException e) {
            throw wrong(e);
        }
    }

    /** A string is read when it is asked for, and only then is its end known. */
    private static long endOf(JsonParser parser) {
        return parser.currentLocation().getCharOffset();
    }

    private static IllegalArgumentException wrong(JacksonException e) {
        TokenStreamLocation where = e.getLocation();
        return new IllegalArgumentException(
                "it is no JSON, or nested too deeply"
                        + (where == null ? "" : ", at character " + (where.getCharOffset() + 1)),
                e);
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> {
                String digits = parser.getString();
                yield digits.length() <= MOST_DIGITS_OF_A_LONG
                        ? (Object) Long.valueOf(digits)
                        : (Object) Double.valueOf(digits);
            }
            case VALUE_NUMBER_FLOAT -> Double.valueOf(parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> members(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            put(members, name, value(parser));
        }
        return members;
    }

    private static void put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (members.containsKey(name)) {
            throw new IllegalArgumentException("it is no JSON: a member's name is there twice");
        }
        members.put(name, value);
    }

    private static List<@Nullable Object> elements(JsonParser parser) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    /** Whether a text is one JSON value that can stand within a line as it is. */
    static boolean isOnOneLine(String text) {
        if (text.isBlank() || !text.strip().equals(text) || text.chars().anyMatch(character -> character < ' ')) {
            return false;
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.toCharArray())) {
            parser.nextToken();
            value(parser);
            return parser.nextToken() == null;
        } catch (JacksonException | IllegalArgumentException e) {
            // Not JSON: it is written in another way.
            return false;
        }
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
}
