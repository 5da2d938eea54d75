package io.farandole.rabbitmq;

import java.time.Duration;

/**
 * How the listener works.
 *
 * @param prefetch deliveries that the broker hands out ahead; times the size of a body it bounds the memory taken. Default
 *     {@value #DEFAULT_PREFETCH}
 * @param batchSize events appended in one transaction at most; not more than {@code prefetch}. Default
 *     {@value #DEFAULT_BATCH_SIZE}
 * @param linger how long a batch waits for more once more than one delivery was there. Default 2 ms. With zero it does not; nor
 *     does the listener rest when it is busy for more than a quarter of the time, as it does otherwise, for 50 ms at most
 * @param handOverAfter after so long without a store the deliveries are given back, so that another instance can take
 *     them; each such turn counts once towards the delivery limit. Default 5 min
 * @param parkingTimeout how long the broker may take to confirm what is set aside. Default 10 s
 * @param initialBackOff first wait after a failure; doubles up to {@code maxBackOff}. Default 200 ms
 * @param maxBackOff longest wait after a failure. Default 10 s
 * @param stopTimeout how long {@link Listener#stop} waits for the batch in hand. Default 5 s
 */
public record ListenerSettings(
        int prefetch,
        int batchSize,
        Duration linger,
        Duration handOverAfter,
        Duration parkingTimeout,
        Duration initialBackOff,
        Duration maxBackOff,
        Duration stopTimeout) {

    public static final int DEFAULT_PREFETCH = 500;
    public static final int DEFAULT_BATCH_SIZE = 250;
    public static final Duration DEFAULT_LINGER = Duration.ofMillis(2);
    public static final Duration DEFAULT_HAND_OVER_AFTER = Duration.ofMinutes(5);
    public static final Duration DEFAULT_PARKING_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_INITIAL_BACK_OFF = Duration.ofMillis(200);
    public static final Duration DEFAULT_MAX_BACK_OFF = Duration.ofSeconds(10);
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(5);

    public ListenerSettings {
        Settings.atLeastOne("prefetch", prefetch);
        Settings.atLeastOne("batchSize", batchSize);
        if (prefetch > 65_535 || batchSize > prefetch) {
            throw new IllegalArgumentException(
                    "prefetch is at most 65535 and batchSize at most prefetch, not " + prefetch + " and " + batchSize);
        }
        if (linger.isNegative()) {
            throw new IllegalArgumentException("linger must not be negative, and is " + linger);
        }
        Settings.positive("handOverAfter", handOverAfter);
        Settings.positive("parkingTimeout", parkingTimeout);
        Settings.positive("initialBackOff", initialBackOff);
        Settings.positive("maxBackOff", maxBackOff);
        Settings.positive("stopTimeout", stopTimeout);
    }

    /** The defaults above. */
    public static ListenerSettings defaults() {
        return new ListenerSettings(
                DEFAULT_PREFETCH,
                DEFAULT_BATCH_SIZE,
                DEFAULT_LINGER,
                DEFAULT_HAND_OVER_AFTER,
                DEFAULT_PARKING_TIMEOUT,
                DEFAULT_INITIAL_BACK_OFF,
                DEFAULT_MAX_BACK_OFF,
                DEFAULT_STOP_TIMEOUT);
    }
}
