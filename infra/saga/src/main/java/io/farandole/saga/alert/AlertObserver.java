package io.farandole.saga.alert;

/** Hears of alerts, for metrics and logs; called after the commit, in the watch's thread. Must not block. */
public interface AlertObserver {

    /** Hears nothing. */
    AlertObserver NONE = alert -> {};

    /** An alert was raised, by this instance: of all instances only one hears of it. */
    void raised(Alert alert);
}
