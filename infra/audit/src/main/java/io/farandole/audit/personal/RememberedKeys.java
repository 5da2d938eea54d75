package io.farandole.audit.personal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Others' keys, in memory only, for a stated time after they were given: for so long this context can open what its owner has erased
 * meanwhile. Bounded: the longest unused goes first. That a key was destroyed is remembered as long. Thread-safe.
 */
final class RememberedKeys {

    private static final int MOST = 10_000;

    private final long nanos;
    private final LongSupplier clock;
    private final Map<String, Remembered> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MOST;
        }
    };

    private record Remembered(KeyAnswer answer, long since) {}

    RememberedKeys(Duration time, LongSupplier clock) {
        this.nanos = time.toNanos();
        this.clock = clock;
    }

    synchronized Optional<KeyAnswer> find(String keyId) {
        Remembered remembered = answers.get(keyId);
        if (remembered == null) {
            return Optional.empty();
        }
        if (clock.getAsLong() - remembered.since() >= nanos) {
            answers.remove(keyId);
            return Optional.empty();
        }
        return Optional.of(remembered.answer());
    }

    /** {@code asked} is the time before the owner was asked, so that the way of the answer does not lengthen it. */
    synchronized void remember(String keyId, KeyAnswer answer, long asked) {
        if (nanos > 0) {
            answers.put(keyId, new Remembered(answer, asked));
        }
    }

    long now() {
        return clock.getAsLong();
    }
}
