package io.farandole.bench;

import io.farandole.axon.TimeOrderedIdentifiers;
import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Random;

/**
 * Makes published events of {@value #CONTEXT}, each the first of an aggregate of its own, with payloads of an exact length that
 * the database cannot compress. The same seed makes the same payloads. Used by one thread.
 */
final class Rows {

    /** The context that publishes them. */
    static final String CONTEXT = "bench";

    private static final String BEFORE = "{\"text\":\"";
    private static final String AFTER = "\"}";

    private final TimeOrderedIdentifiers ids = new TimeOrderedIdentifiers();
    private final Random random;
    private final int keys;
    private long made;

    /** So many process keys take turns. */
    Rows(int keys, long seed) {
        this.keys = keys;
        this.random = new Random(seed);
    }

    /** The next event, with a payload of so many bytes; eleven at least. */
    JournalEntry next(EventType type, int payloadBytes) {
        long number = made++;
        String key = "process-" + number % keys;
        return new JournalEntry(
                ids.generateIdentifier(),
                "Bench",
                CONTEXT + "-" + number,
                0L,
                type,
                payload(payloadBytes),
                null,
                key,
                key,
                null,
                null,
                type,
                null,
                null,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    /** JSON of so many bytes, which holds six random bits a byte. */
    String payload(int bytes) {
        int text = bytes - BEFORE.length() - AFTER.length();
        if (text < 0) {
            throw new IllegalArgumentException(
                    "A payload has " + (bytes - text) + " bytes at least, there is none of " + bytes);
        }
        byte[] noise = new byte[text / 4 * 3 + 3];
        random.nextBytes(noise);
        return BEFORE + Base64.getUrlEncoder().encodeToString(noise).substring(0, text) + AFTER;
    }
}
