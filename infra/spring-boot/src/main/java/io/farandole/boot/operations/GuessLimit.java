package io.farandole.boot.operations;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Bounds the guessing of passwords. From one address ten may be wrong at once, and then one a second: by address, not by name, so that
 * nobody can lock an operator out by name, and an answer tells nothing about which names there are. Two passwords at most are looked at
 * at once, from wherever, for a slow hash is CPU that the service's own work would miss. Thread-safe.
 */
final class GuessLimit {

    private static final int AT_ONCE = 2;
    private static final long WAIT_SECONDS = 2;
    private static final long PER_WRONG = Duration.ofSeconds(1).toNanos();
    private static final long BURST = 10 * PER_WRONG;
    private static final int ADDRESSES = 1_000;

    private final Semaphore looking = new Semaphore(AT_ONCE, true);
    private final LongSupplier nanos;

    /** Until when each address's wrong ones are paid off, at one a second; bounded, the longest unused goes first. */
    private final Map<String, Long> paidOff = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** A password was not looked at: too many from its address were wrong, or too many came at once. */
    static final class TooManyException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    GuessLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Looks at a name and password, where that is allowed.
     *
     * @return who it is; empty if one of them is wrong
     */
    <T> Optional<T> look(String address, Supplier<Optional<T>> signIn) throws InterruptedException, TooManyException {
        if (!looking.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TooManyException();
        }
        try {
            // With the permit, so that of many at once only as many as there are permits can be wrong beyond the bound.
            if (isOver(address)) {
                throw new TooManyException();
            }
            Optional<T> known = signIn.get();
            if (known.isEmpty()) {
                wrong(address);
            }
            return known;
        } finally {
            looking.release();
        }
    }

    private synchronized boolean isOver(String address) {
        Long until = paidOff.get(address);
        return until != null && until - nanos.getAsLong() > BURST - PER_WRONG;
    }

    private synchronized void wrong(String address) {
        long now = nanos.getAsLong();
        Long until = paidOff.get(address);
        paidOff.put(address, (until == null || until - now < 0 ? now : until) + PER_WRONG);
    }
}
