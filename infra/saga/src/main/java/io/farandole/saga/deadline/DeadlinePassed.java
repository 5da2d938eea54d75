package io.farandole.saga.deadline;

import io.farandole.messaging.EventTypes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A saga's deadline has passed: an own, private event of the journal, so that the saga sees it in the order of its process,
 * and a replay sees it again. The saga itself sees a deadline message, through {@code @DeadlineHandler}.
 *
 * @param deadlineId what {@code schedule} answered; the event's id too
 * @param sagaType the saga's registered name
 * @param processKey of the saga
 * @param deadlineName as scheduled
 * @param dueAt when it was to pass
 * @param payloadType registered name of the payload's class; null without payload
 * @param payloadVersion of it; 0 without payload
 * @param payload JSON text; null without payload
 */
public record DeadlinePassed(
        String deadlineId,
        String sagaType,
        String processKey,
        String deadlineName,
        Instant dueAt,
        @Nullable String payloadType,
        int payloadVersion,
        @Nullable String payload) {

    /** The registration that every context with deadlines merges into its {@link EventTypes}. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event("farandole.deadline-passed", 1, DeadlinePassed.class, DeadlinePassed::processKey)
            .build();

    /** Names the deadline without its payload. */
    @Override
    public String toString() {
        return "DeadlinePassed[" + deadlineName + " " + deadlineId + " of " + sagaType + " " + processKey + ", due "
                + dueAt + "]";
    }
}
