package io.farandole.saga.step;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a step of a process stands: an entry of its saga's step log, which is written in the transaction in which the saga
 * handles the event.
 *
 * @param step its name
 * @param status where it stands
 * @param attempt how often it was begun; 0 if only its end was heard of
 * @param createdAt when the step was first heard of
 * @param updatedAt when it was last heard of
 * @param event the id of the event that was last heard of it; its content is in the journal
 * @param overdue whether its time limit has passed while it was open
 * @param error why it failed or was left out; null otherwise
 */
public record StepView(
        String step,
        StepStatus status,
        int attempt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String event,
        boolean overdue,
        @Nullable String error) {}
