package io.farandole.axon;

import java.time.Duration;

/**
 * How often and after which waits an event is tried again before its process is parked, as a sentence ({@link #of(String)}):
 *
 * <pre>
 * 10 attempts, first wait 100 ms, doubled up to 1 min, jitter 20 %
 * 5 attempts, each wait 2 s
 * 1 attempt, each wait 1 s
 *
 * policy   = attempts "," waits [ "," "jitter" percent "%" ]
 * attempts = "1 attempt" | number "attempts"           the first one included
 * waits    = "first wait" duration "," "doubled up to" duration
 *          | "each wait" duration
 * duration = number ( "ms" | "s" | "min" | "h" )       1 ms to 168 h
 * percent  = 0 to 100                                  left out: no jitter
 * </pre>
 *
 * <p>Jitter makes a wait shorter by up to that share, so that processes that failed together do not come back together; it
 * is the same for the same process and attempt, so the next attempt can be told. The waits also space attempts that do not
 * count, such as conflicts, so they are needed with a single attempt too. Immutable.
 *
 * @param attempts after which a failing process is parked until a person retries it, the first attempt included
 * @param firstWait after the first failure; doubles with each further one
 * @param longestWait the most it grows to; the same as {@code firstWait} where each wait is the same
 * @param jitterPercent by how much a wait is shortened at most, 0 to 100
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait, int jitterPercent) {

    private static final Duration LONGEST = Duration.ofDays(7);

    /** The default: a process is parked 41 to 51 s after its first failure. */
    public static final String DEFAULT_SENTENCE = "10 attempts, first wait 100 ms, doubled up to 1 min, jitter 20 %";

    /** {@link #DEFAULT_SENTENCE} as a value. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(10, Duration.ofMillis(100), Duration.ofMinutes(1), 20);

    /** Checks ranges. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("A retry policy needs 1 attempt at least, not " + attempts);
        }
        if (firstWait.toMillis() < 1 || longestWait.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The waits of a retry policy are from 1 ms to 168 h, not from " + firstWait + " to " + longestWait);
        }
        if (longestWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException(
                    "The longest wait " + longestWait + " is shorter than the first one, " + firstWait);
        }
        if (jitterPercent < 0 || jitterPercent > 100) {
            throw new IllegalArgumentException("Jitter is from 0 to 100 %, not " + jitterPercent);
        }
    }

    /**
     * Reads a sentence.
     *
     * @throws IllegalArgumentException if it does not follow the grammar, with what was expected and where, or if a value is out of
     *     its range
     */
    public static RetryPolicy of(String sentence) {
        return new RetrySentence(sentence).read();
    }

    /**
     * The wait after an attempt that failed, at least 1 ms.
     *
     * @param attempts made so far, from 1
     * @param processKey whose next attempt it is
     */
    public Duration waitAfter(int attempts, String processKey) {
        int doublings = Math.max(0, Math.min(attempts - 1, 30));
        long first = firstWait.toMillis();
        long longest = longestWait.toMillis();
        long wait = first > longest >> doublings ? longest : first << doublings;
        long shortened = (long) (wait * (jitterPercent / 100.0) * fraction(processKey, attempts));
        return Duration.ofMillis(Math.max(1, wait - shortened));
    }

    /** From 0 to 1, evenly spread, also for keys that differ in one character; the same in every JVM. */
    private static double fraction(String processKey, int attempts) {
        // The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
        long mixed = processKey.hashCode() * 0x9E3779B97F4A7C15L + attempts * 0xD1B54A32D192ED03L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed = mixed ^ (mixed >>> 31);
        return (mixed >>> 11) * 0x1.0p-53;
    }

    /** The sentence; reading it gives an equal policy. */
    @Override
    public String toString() {
        String waits = firstWait.equals(longestWait)
                ? "each wait " + RetrySentence.text(firstWait)
                : "first wait " + RetrySentence.text(firstWait) + ", doubled up to " + RetrySentence.text(longestWait);
        return attempts
                + (attempts == 1 ? " attempt, " : " attempts, ")
                + waits
                + (jitterPercent == 0 ? "" : ", jitter " + jitterPercent + " %");
    }
}
