package io.farandole.verifier.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object strictly (RFC 8259), and keeps where its members' values stand: a payload is compared as it was written.
 * A name that is there twice is refused, for two programs would read two different things. Used by one thread.
 */
final class Json {

    private static final int DEEPEST = 100;

    private final String text;
    private final Map<String, String> raw = new LinkedHashMap<>();
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * The members of an object: String, Boolean, Long, Double, List, Map, or null.
     *
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    static Members object(String text) {
        Json json = new Json(text);
        Object read = json.document();
        if (!(read instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        members.forEach((name, value) -> values.put(String.valueOf(name), value));
        return new Members(values, json.raw);
    }

    /** Whether a text is one JSON value that can stand within a line as it is. */
    static boolean isOnOneLine(String text) {
        if (text.isEmpty() || text.chars().anyMatch(character -> character < ' ')) {
            return false;
        }
        try {
            Json json = new Json(text);
            json.value(0);
            return text.charAt(0) != ' ' && json.at == text.length();
        } catch (IllegalArgumentException e) {
            // Not JSON: it is written in another way.
            return false;
        }
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < ' ' || (Character.isSurrogate(character) && !isPaired(text, i))) {
                json.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }

    private static boolean isPaired(String text, int index) {
        char character = text.charAt(index);
        return Character.isHighSurrogate(character)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    private @Nullable Object document() {
        space();
        Object read = value(0);
        space();
        if (at < text.length()) {
            throw wrong("there is more behind the value");
        }
        return read;
    }

    private @Nullable Object value(int depth) {
        if (depth > DEEPEST) {
            throw wrong("it is nested too deeply");
        }
        if (at == text.length()) {
            throw wrong("it ends too early");
        }
        return switch (text.charAt(at)) {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> members(int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (taken('}')) {
            return members;
        }
        do {
            space();
            if (at == text.length() || text.charAt(at) != '"') {
                throw wrong("a member's name is missing");
            }
            String name = string();
            space();
            expect(':');
            space();
            int start = at;
            Object value = value(depth + 1);
            if (members.containsKey(name)) {
                throw wrong("member " + name + " is there twice");
            }
            members.put(name, value);
            if (depth == 0) {
                raw.put(name, text.substring(start, at));
            }
            space();
        } while (taken(','));
        expect('}');
        return members;
    }

    private List<@Nullable Object> elements(int depth) {
        List<@Nullable Object> elements = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return elements;
        }
        do {
            space();
            elements.add(value(depth + 1));
            space();
        } while (taken(','));
        expect(']');
        return elements;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++;
        while (at < text.length()) {
            char character = text.charAt(at++);
            if (character == '"') {
                return string.toString();
            }
            if (character < ' ') {
                throw wrong("a string holds a control character");
            }
            string.append(character == '\\' ? escaped() : character);
        }
        throw wrong("a string does not end");
    }

    private char escaped() {
        if (at == text.length()) {
            throw wrong("a string does not end");
        }
        char character = text.charAt(at++);
        return switch (character) {
            case '"', '\\', '/' -> character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("a string holds an unknown escape");
        };
    }

    private char unicode() {
        String digits = text.substring(at, Math.min(at + 4, text.length()));
        if (!digits.matches("[0-9A-Fa-f]{4}")) {
            throw wrong("a string holds an unknown escape");
        }
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("there is no such value");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.0123456789Ee".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        if (!number.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([Ee][+-]?[0-9]+)?")) {
            throw wrong("there is no such value");
        }
        return number.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(number) : Double.valueOf(number);
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean taken(char character) {
        if (at < text.length() && text.charAt(at) == character) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char character) {
        if (!taken(character)) {
            throw wrong("'" + character + "' is missing");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("it is no JSON: " + what + ", at character " + (at + 1));
    }
}
