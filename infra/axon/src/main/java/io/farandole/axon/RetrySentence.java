package io.farandole.axon;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the sentence of a {@link RetryPolicy} from left to right. For one sentence, used by one thread. */
final class RetrySentence {

    /** The longest first: a duration is written in the longest unit that divides it. */
    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("min", Duration.ofMinutes(1));
        UNITS.put("s", Duration.ofSeconds(1));
        UNITS.put("ms", Duration.ofMillis(1));
    }

    private static final int MOST_DIGITS = 9;

    private final String sentence;
    private int at;

    RetrySentence(String sentence) {
        this.sentence = sentence;
    }

    RetryPolicy read() {
        int attempts = number("a number of attempts");
        expect(attempts == 1 ? "attempt" : "attempts");
        expect(",");
        Duration first;
        Duration longest;
        if (accept("each wait")) {
            first = duration();
            longest = first;
        } else if (accept("first wait")) {
            first = duration();
            expect(",");
            expect("doubled up to");
            longest = duration();
        } else {
            throw expected("\"first wait\" or \"each wait\"");
        }
        int jitter = 0;
        if (accept(",")) {
            expect("jitter");
            jitter = number("a percentage");
            expect("%");
        }
        skipSpace();
        if (at < sentence.length()) {
            throw expected("the end");
        }
        try {
            return new RetryPolicy(attempts, first, longest, jitter);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The retry policy \"" + sentence + "\" makes no sense: " + e.getMessage(), e);
        }
    }

    /** In milliseconds: what is below is not kept by the database's clock either. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            long size = unit.getValue().toMillis();
            if (millis % size == 0) {
                return millis / size + " " + unit.getKey();
            }
        }
        throw new IllegalStateException("A millisecond divides every duration of milliseconds");
    }

    private Duration duration() {
        int number = number("a duration");
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            if (accept(unit.getKey())) {
                return unit.getValue().multipliedBy(number);
            }
        }
        throw expected("one of ms, s, min, h");
    }

    private int number(String what) {
        skipSpace();
        int from = at;
        while (at < sentence.length() && sentence.charAt(at) >= '0' && sentence.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > MOST_DIGITS) {
            at = from;
            throw expected(what + " of 1 to " + MOST_DIGITS + " digits");
        }
        return Integer.parseInt(sentence.substring(from, at));
    }

    private void expect(String words) {
        if (!accept(words)) {
            throw expected("\"" + words + "\"");
        }
    }

    /** Passes over these words, with any space between them, if they are next, and not the beginning of a longer one. */
    private boolean accept(String words) {
        int before = at;
        for (String word : words.split(" ", -1)) {
            skipSpace();
            int end = at + word.length();
            boolean longer = Character.isLetter(word.charAt(0))
                    && end < sentence.length()
                    && Character.isLetterOrDigit(sentence.charAt(end));
            if (!sentence.startsWith(word, at) || longer) {
                at = before;
                return false;
            }
            at = end;
        }
        return true;
    }

    private void skipSpace() {
        while (at < sentence.length() && Character.isWhitespace(sentence.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException expected(String what) {
        skipSpace();
        String found = at < sentence.length() ? "\"" + sentence.substring(at) + "\"" : "its end";
        return new IllegalArgumentException("Cannot read the retry policy \"" + sentence + "\": expected " + what
                + " at character " + (at + 1) + ", where there is " + found + ". It reads like \""
                + RetryPolicy.DEFAULT_SENTENCE + "\" or \"5 attempts, each wait 2 s\"");
    }
}
