package io.farandole.axon;

import io.farandole.axon.ParkedProcess.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which processes to list. Start from {@link #ALL} and narrow it down.
 *
 * @param processKey of one process, in whichever processors; null for all
 * @param processor the event processor (a saga's has its saga's name); null for all
 * @param status null for both
 * @param minimumAge set aside for at least so long, by the database's clock; zero for all
 * @param fingerprint of the failure, see {@link ParkedProcess#fingerprint}; null for all
 * @param after {@link ParkedPage#next} of the page before, made with the same other parameters; null for the first page
 * @param limit most rows of a page, 1 to 1,000; default 100
 */
public record ParkedQuery(
        @Nullable String processKey,
        @Nullable String processor,
        @Nullable Status status,
        Duration minimumAge,
        @Nullable String fingerprint,
        @Nullable String after,
        int limit) {

    /** The largest page. */
    public static final int LARGEST_PAGE = 1_000;

    /** The first hundred of all. */
    public static final ParkedQuery ALL = new ParkedQuery(null, null, null, Duration.ZERO, null, null, 100);

    /** Checks ranges. */
    public ParkedQuery {
        if (minimumAge.isNegative()) {
            throw new IllegalArgumentException("minimumAge must not be negative, but is " + minimumAge);
        }
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + LARGEST_PAGE + ", but is " + limit);
        }
    }

    /** Of one process only, in whichever processors it is set aside. */
    public ParkedQuery withProcessKey(@Nullable String value) {
        return new ParkedQuery(value, processor, status, minimumAge, fingerprint, after, limit);
    }

    /** Of one processor only. */
    public ParkedQuery withProcessor(@Nullable String value) {
        return new ParkedQuery(processKey, value, status, minimumAge, fingerprint, after, limit);
    }

    /** Of one status only. */
    public ParkedQuery withStatus(@Nullable Status value) {
        return new ParkedQuery(processKey, processor, value, minimumAge, fingerprint, after, limit);
    }

    /** Set aside for at least so long. */
    public ParkedQuery withMinimumAge(Duration value) {
        return new ParkedQuery(processKey, processor, status, value, fingerprint, after, limit);
    }

    /** With one kind of failure only. */
    public ParkedQuery withFingerprint(@Nullable String value) {
        return new ParkedQuery(processKey, processor, status, minimumAge, value, after, limit);
    }

    /** The page after another one. */
    public ParkedQuery withAfter(@Nullable String value) {
        return new ParkedQuery(processKey, processor, status, minimumAge, fingerprint, value, limit);
    }

    /** With another size of pages. */
    public ParkedQuery withLimit(int value) {
        return new ParkedQuery(processKey, processor, status, minimumAge, fingerprint, after, value);
    }
}
