package io.farandole.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Makes text that is safe to show: what a service sends may hold what a customer typed, and a terminal obeys control characters. */
final class Text {

    private static final String CUT = "…";

    /** As services send what is personal: sealed, with the key's id. */
    private static final Pattern SEALED =
            Pattern.compile("farandole-personal:v1:([a-z0-9-]*\\.?[A-Za-z0-9]{0,8})[^\\s\"',;)\\]}]*");

    private Text() {}

    /** On one line, control characters made visible. */
    static String line(String text) {
        return visible(text, false);
    }

    /** With its lines. */
    static String lines(String text) {
        return visible(text, true);
    }

    /** A sealed text is long, and tells a person nothing but its key. */
    private static String masked(String text) {
        return text.contains("farandole-personal:") ? SEALED.matcher(text).replaceAll("▒ personal $1") : text;
    }

    private static String visible(String unmasked, boolean withLines) {
        String text = masked(unmasked);
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (withLines && (point == '\n' || point == '\t')) {
                safe.appendCodePoint(point);
            } else if (!withLines && (point == '\n' || point == '\t')) {
                safe.append(' ');
            } else if (!withLines || point != '\r') {
                append(safe, point);
            }
        });
        return safe.toString();
    }

    /** Format characters turn the direction of what follows, or hide. */
    private static void append(StringBuilder safe, int point) {
        if (Character.isISOControl(point) || (Character.getType(point) == Character.FORMAT && point != 0x200d)) {
            safe.append(String.format("\\u%04x", point));
        } else {
            safe.appendCodePoint(point);
        }
    }

    /** At most so many characters. */
    static String shortened(String text, int longest) {
        int length = text.codePointCount(0, text.length());
        return length <= longest ? text : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + CUT;
    }

    /** A scalar on one line; empty if there is none. */
    static String of(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? ""
                : line(value.isString() ? value.asString() : value.toString());
    }

    /** How long ago a time is, such as {@code 2h 5m}. */
    static String age(JsonNode time, Instant now) {
        try {
            return age(Duration.between(Instant.parse(time.asString("")), now));
        } catch (DateTimeException e) {
            // No time: what it is instead says more than an error would.
            return of(time);
        }
    }

    private static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        }
        if (age.toMinutes() > 0) {
            return age.toMinutes() + "m " + age.toSecondsPart() + "s";
        }
        return Math.max(0, age.toSeconds()) + "s";
    }

    /** A class's name without its package. */
    static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
