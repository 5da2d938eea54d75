package io.farandole.saga.alert;

import java.time.Instant;

/**
 * Something that people should see to. Holds no payload and no error message, which may be personal.
 *
 * @param id unique in its context; the same however often it is sent
 * @param context in which it was found
 * @param kind {@code process-parked} or {@code step-overdue}
 * @param processKey of the process
 * @param place the processor in which it is parked, or the saga whose step is overdue
 * @param detail the class of the failure with the type and id of the event, or the step with its status
 * @param since when it first failed, or the step was first heard of
 */
public record Alert(
        long id, String context, String kind, String processKey, String place, String detail, Instant since) {}
