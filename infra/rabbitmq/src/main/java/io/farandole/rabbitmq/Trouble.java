package io.farandole.rabbitmq;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The last failure, for the status and the log: told once when it begins, again when its text changes or every ten
 * minutes, and once when it is over. Hours without a broker are a few lines. Thread-safe.
 */
final class Trouble {

    private static final Duration REPEAT = Duration.ofMinutes(10);

    private final Logger log;
    private final String who;
    private final Clock clock;
    private @Nullable String text;
    private @Nullable Instant since;
    private @Nullable Instant at;
    private Instant told = Instant.MIN;
    private long attempts;

    Trouble(Logger log, String who, Clock clock) {
        this.log = log;
        this.who = who;
        this.clock = clock;
    }

    synchronized void report(String problem) {
        Instant now = clock.instant();
        attempts++;
        boolean tell = !problem.equals(text) || !now.isBefore(told.plus(REPEAT));
        if (since == null) {
            since = now;
        }
        text = problem;
        at = now;
        if (tell) {
            told = now;
            log.warn("{}: {} (attempt {} since {}); trying again", who, problem, attempts, since);
        }
    }

    synchronized void over() {
        if (text != null) {
            log.info("{}: works again, after {} attempts since {}", who, attempts, since);
        }
        text = null;
        since = null;
        at = null;
        told = Instant.MIN;
        attempts = 0;
    }

    synchronized @Nullable String text() {
        return text;
    }

    synchronized @Nullable Instant at() {
        return at;
    }
}
