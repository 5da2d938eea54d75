package io.farandole.saga;

import io.farandole.saga.deadline.DeadlinePassed;
import io.farandole.saga.deadline.JournalDeadlines;
import java.util.Map;
import org.axonframework.deadline.DeadlineMessage;
import org.jspecify.annotations.Nullable;

/** The deadlines of sagas, as the invoker needs them. */
interface SagaDeadlines {

    /** What the saga's handler is given when a deadline has passed; null if the deadline was cancelled after it had. */
    @Nullable DeadlineMessage<?> messageFor(DeadlinePassed passed, Map<String, ?> metadata);

    /** Where the time limits of one saga's steps are kept. */
    StepLimits limits(String sagaType, String processKey);

    /** Those of the journal. */
    static SagaDeadlines of(JournalDeadlines deadlines) {
        return new SagaDeadlines() {
            @Override
            public @Nullable DeadlineMessage<?> messageFor(DeadlinePassed passed, Map<String, ?> metadata) {
                return deadlines.messageFor(passed, metadata);
            }

            @Override
            public StepLimits limits(String sagaType, String processKey) {
                return StepLimits.of(deadlines, sagaType, processKey);
            }
        };
    }
}
