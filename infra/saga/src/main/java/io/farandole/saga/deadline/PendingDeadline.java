package io.farandole.saga.deadline;

import java.time.Instant;

/**
 * A deadline that has not passed yet, as operators see it.
 *
 * @param deadlineId what {@code schedule} answered
 * @param sagaType the saga's registered name
 * @param processKey of the saga
 * @param deadlineName as scheduled
 * @param dueAt when it is to pass
 */
public record PendingDeadline(
        String deadlineId, String sagaType, String processKey, String deadlineName, Instant dueAt) {}
