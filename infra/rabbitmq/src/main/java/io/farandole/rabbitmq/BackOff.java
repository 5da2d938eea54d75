package io.farandole.rabbitmq;

import java.time.Duration;

/** Growing waits between attempts: doubles from the first to the longest. Not thread-safe. */
final class BackOff {

    private final Duration initial;
    private final Duration max;
    private Duration next;

    BackOff(Duration initial, Duration max) {
        this.initial = initial;
        this.max = max.compareTo(initial) < 0 ? initial : max;
        this.next = initial;
    }

    /** The wait after one more failure. */
    Duration next() {
        Duration wait = next;
        Duration doubled = wait.multipliedBy(2);
        next = doubled.compareTo(max) > 0 ? max : doubled;
        return wait;
    }

    /** It worked: the next failure waits briefly again. */
    void reset() {
        next = initial;
    }
}
