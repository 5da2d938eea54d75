package io.farandole.saga.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a step of a process stands: an entry of its saga's step log, which is written in the transaction in which the saga
 * handles the event.
 *
 * <p>{@code began} and {@code done} are numbers that count what the saga has heard, not times: instances' clocks differ. In a saga
 * that compensates its steps itself they tell which step came after which.
 *
 * @param step its name; {@link #UNDOING} for the undoing of the whole process
 * @param status where it stands
 * @param attempt how often it was begun, or its compensation was if the saga itself began that; 0 if only its end was heard of
 * @param createdAt when the step was first heard of
 * @param updatedAt when it was last heard of
 * @param event the id of the event that was last heard of it; its content is in the journal
 * @param overdue whether its time limit has passed while it was open
 * @param error why it failed or was left out, or {@link #NOT_FOLLOWED}; null otherwise
 * @param began at which number it was begun last; null if it was not, or nobody needs to know
 * @param done at which number it succeeded; null if it has not, or nobody needs to know
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepView(
        String step,
        StepStatus status,
        int attempt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String event,
        boolean overdue,
        @Nullable String error,
        @Nullable Integer began,
        @Nullable Integer done) {

    /**
     * The name of the entry for the undoing of the whole process, by the saga itself: {@code COMPENSATING}, then {@code COMPENSATED}; its
     * error says why.
     */
    public static final String UNDOING = "(undoing)";

    /** The error of a step that stands open for good: its end was not listened to by the version of the saga that was running then. */
    public static final String NOT_FOLLOWED = "the saga was ended by a version that does not declare this step";
}
