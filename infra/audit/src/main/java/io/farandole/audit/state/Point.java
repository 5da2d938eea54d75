package io.farandole.audit.state;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** A point of an aggregate's history. */
public sealed interface Point {

    /** After its last event. */
    Point LAST = new Last();

    /**
     * After an event.
     *
     * @param number of the event within the aggregate, from 0
     */
    record Sequence(long number) implements Point {

        public Sequence {
            if (number < 0) {
                throw new IllegalArgumentException("The events of an aggregate are counted from 0, not from " + number);
            }
        }

        @Override
        public String toString() {
            return "sequence " + number;
        }
    }

    /** After the last event that had occurred by a time, by the clocks of the instances that made the events. */
    record Time(Instant time) implements Point {

        @Override
        public String toString() {
            return time.toString();
        }
    }

    /** After the last event. */
    record Last() implements Point {

        @Override
        public String toString() {
            return "the last event";
        }
    }

    /**
     * A point as people type it: a number is a sequence; anything else is a time with its zone, such as {@code 2026-11-22T10:15:30Z}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Point parse(String text) {
        try {
            return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? new Sequence(Long.parseLong(text))
                    : new Time(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a sequence number, such as 3, nor a time with its zone, such as"
                            + " 2026-11-22T10:15:30Z",
                    e);
        }
    }
}
