package io.farandole.saga;

/** Hears what sagas do, for metrics; called in the processor's thread before the commit, must not block or throw. */
public interface SagaObserver {

    /** Hears nothing. */
    SagaObserver NONE = new SagaObserver() {};

    /** A saga was started. */
    default void started(String sagaType) {}

    /** A saga handled an event or a deadline. */
    default void handled(String sagaType) {}

    /** A saga ended. */
    default void ended(String sagaType) {}

    /** An event or deadline came for a saga that had ended: ignored. */
    default void ignoredAsEnded(String sagaType) {}

    /** An event that starts no saga came for a process that has none: ignored. */
    default void ignoredAsUnknown(String sagaType) {}

    /** A deadline had been cancelled after it had passed: ignored. */
    default void ignoredAsCancelled(String sagaType) {}
}
