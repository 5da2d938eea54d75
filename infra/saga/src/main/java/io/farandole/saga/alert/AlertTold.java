package io.farandole.saga.alert;

/**
 * A command: the webhook was called for an alert.
 *
 * @param answered whether it took the alert; false if it did not before the time limit
 */
public record AlertTold(long alertId, boolean answered) {}
