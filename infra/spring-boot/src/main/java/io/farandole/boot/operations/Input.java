package io.farandole.boot.operations;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads the texts of a request. Endpoints take all of them as optional texts, so that what is missing or wrong is refused here, by name,
 * and not by the framework without one.
 */
final class Input {

    private Input() {}

    /** Makes or asks something of which {@code field} is all that can be wrong still. */
    static <T> T checked(String field, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(field, field + " cannot be used: " + e.getMessage());
        }
    }

    static String required(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw new BadInputException(field, field + " is missing.");
        }
        return value;
    }

    /** A text that is given and has something in it, or null. */
    static @Nullable String optional(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    static int number(String field, @Nullable String value, int byDefault, int least, int most) {
        if (value == null) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outOfRange(field, least, most);
        }
        throw outOfRange(field, least, most);
    }

    private static BadInputException outOfRange(String field, int least, int most) {
        return new BadInputException(field, field + " is a whole number from " + least + " to " + most + ".");
    }

    static <E extends Enum<E>> E choice(String field, String value, Class<E> choices) {
        String name = value.toUpperCase(Locale.ROOT);
        return Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        field,
                        field + " is one of "
                                + Arrays.stream(choices.getEnumConstants())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    static Duration duration(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(value);
            if (!duration.isNegative() && duration.compareTo(Duration.ofDays(36_500)) < 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw noDuration(field);
        }
        throw noDuration(field);
    }

    private static BadInputException noDuration(String field) {
        return new BadInputException(field, field + " is a duration such as 30s, 15m, 2h, 3d or PT15M.");
    }

    static boolean flag(String field, @Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new BadInputException(field, field + " is true or false.");
    }

    static String reason(@Nullable String value, int longest) {
        if (value == null || value.isBlank()) {
            throw new BadInputException(
                    "reason", "reason is missing: a decision is recorded with who made it and why.");
        }
        if (value.length() > longest) {
            throw new BadInputException(
                    "reason",
                    "reason has " + value.length() + " characters, but " + longest + " is the most: shorten it.");
        }
        return value;
    }
}
