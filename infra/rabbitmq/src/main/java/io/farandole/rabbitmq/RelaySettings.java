package io.farandole.rabbitmq;

import java.time.Duration;

/**
 * How the relay works.
 *
 * @param window published and unconfirmed events at most; at most one of them per process key. Default
 *     {@value #DEFAULT_WINDOW}: larger ones gain nothing
 * @param readAhead events held in memory at most. Default {@value #DEFAULT_READ_AHEAD}
 * @param confirmTimeout how long a confirm may take before the connection is given up. Default 10 s
 * @param minPoll first wait between two looks at an empty outbox; doubles up to {@code maxPoll}. Default 20 ms
 * @param maxPoll longest wait, which is the latency of events that another instance has appended. Default 250 ms
 * @param saveEvery the position is saved after so many confirmed events. Default {@value #DEFAULT_SAVE_EVERY}
 * @param saveInterval or after so long, if anything was confirmed. Default 500 ms
 * @param bindingCheckInterval how often the followers' bindings are compared while events are published, where a
 *     {@link BindingCheck} is given. A binding that is removed and put back within three intervals may do so unseen. Default 2 s
 * @param initialBackOff first wait after a failure; doubles up to {@code maxBackOff}. Default 200 ms
 * @param maxBackOff longest wait after a failure. Default 10 s
 * @param leaseRetry how often an instance on standby asks for the lease. Default 1 s
 * @param stopTimeout how long {@link Relay#stop} waits for outstanding confirms. Default 5 s
 */
public record RelaySettings(
        int window,
        int readAhead,
        Duration confirmTimeout,
        Duration minPoll,
        Duration maxPoll,
        int saveEvery,
        Duration saveInterval,
        Duration bindingCheckInterval,
        Duration initialBackOff,
        Duration maxBackOff,
        Duration leaseRetry,
        Duration stopTimeout) {

    public static final int DEFAULT_WINDOW = 100;
    public static final int DEFAULT_READ_AHEAD = 500;
    public static final int DEFAULT_SAVE_EVERY = 1_000;
    public static final Duration DEFAULT_CONFIRM_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_MIN_POLL = Duration.ofMillis(20);
    public static final Duration DEFAULT_MAX_POLL = Duration.ofMillis(250);
    public static final Duration DEFAULT_SAVE_INTERVAL = Duration.ofMillis(500);
    public static final Duration DEFAULT_BINDING_CHECK_INTERVAL = Duration.ofSeconds(2);
    public static final Duration DEFAULT_INITIAL_BACK_OFF = Duration.ofMillis(200);
    public static final Duration DEFAULT_MAX_BACK_OFF = Duration.ofSeconds(10);
    public static final Duration DEFAULT_LEASE_RETRY = Duration.ofSeconds(1);
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(5);

    public RelaySettings {
        Settings.atLeastOne("window", window);
        Settings.atLeastOne("readAhead", readAhead);
        Settings.atLeastOne("saveEvery", saveEvery);
        Settings.positive("confirmTimeout", confirmTimeout);
        Settings.positive("minPoll", minPoll);
        Settings.positive("maxPoll", maxPoll);
        Settings.positive("saveInterval", saveInterval);
        Settings.positive("bindingCheckInterval", bindingCheckInterval);
        Settings.positive("initialBackOff", initialBackOff);
        Settings.positive("maxBackOff", maxBackOff);
        Settings.positive("leaseRetry", leaseRetry);
        Settings.positive("stopTimeout", stopTimeout);
    }

    /** The defaults above. */
    public static RelaySettings defaults() {
        return new RelaySettings(
                DEFAULT_WINDOW,
                DEFAULT_READ_AHEAD,
                DEFAULT_CONFIRM_TIMEOUT,
                DEFAULT_MIN_POLL,
                DEFAULT_MAX_POLL,
                DEFAULT_SAVE_EVERY,
                DEFAULT_SAVE_INTERVAL,
                DEFAULT_BINDING_CHECK_INTERVAL,
                DEFAULT_INITIAL_BACK_OFF,
                DEFAULT_MAX_BACK_OFF,
                DEFAULT_LEASE_RETRY,
                DEFAULT_STOP_TIMEOUT);
    }
}
