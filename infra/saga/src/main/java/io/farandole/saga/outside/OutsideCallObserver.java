package io.farandole.saga.outside;

import java.time.Duration;

/** Hears what becomes of outside calls, for metrics; called on the workers' threads, must not block or throw. */
public interface OutsideCallObserver {

    /** Hears nothing. */
    OutsideCallObserver NONE = new OutsideCallObserver() {};

    /** A call was made; {@code known} is false for an unknown outcome or an exception. */
    default void called(String kind, Duration took, boolean known) {}

    /** A result was recorded and the call closed. */
    default void recorded(String kind) {}

    /** The command that records a result failed; it is sent again unless {@code givenUp}. */
    default void recordFailed(String kind, boolean givenUp) {}

    /** The time limit passed with the outcome unknown. */
    default void timeLimitPassed(String kind) {}

    /** A worker came back after its lease had run out and another one had taken over: its result was not recorded. */
    default void overtaken(String kind) {}
}
