package io.farandole.saga;

import io.farandole.saga.deadline.JournalDeadlines;
import java.time.Duration;
import org.axonframework.modelling.saga.SagaScopeDescriptor;

/**
 * Where one saga's steps have their time limits kept: as deadlines of the saga, scheduled and cancelled with what else its unit of work
 * does, in no round trip of their own.
 */
interface StepLimits {

    /** For sagas whose time limits nobody but themselves keeps. */
    StepLimits NONE = new StepLimits() {
        @Override
        public void schedule(String deadline, Duration in) {
            throw new IllegalStateException("Deadline " + deadline + " is to be scheduled, but the invoker has none");
        }

        @Override
        public void cancel(String deadline) {}
    };

    /** Schedules the deadline of a name. */
    void schedule(String deadline, Duration in);

    /** Cancels the deadline of a name, if there is one; the saga hears of it no more, even if it has passed already. */
    void cancel(String deadline);

    /** Deadlines of the journal. */
    static StepLimits of(JournalDeadlines deadlines, String sagaType, String processKey) {
        SagaScopeDescriptor scope = new SagaScopeDescriptor(sagaType, processKey);
        return new StepLimits() {
            @Override
            public void schedule(String deadline, Duration in) {
                deadlines.schedule(in, deadline, null, scope);
            }

            @Override
            public void cancel(String deadline) {
                deadlines.cancelAllWithinScope(deadline, scope);
            }
        };
    }
}
