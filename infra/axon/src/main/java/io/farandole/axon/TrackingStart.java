package io.farandole.axon;

import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** Where a processor begins when it runs for the first time. */
public enum TrackingStart {

    /** With the first event of the journal: for projections, and for sagas of a new context. */
    FIRST_EVENT {
        @Override
        @Nullable TrackingToken token(StreamableMessageSource<TrackedEventMessage<?>> source) {
            return source.createTailToken();
        }
    },

    /** With what comes from now on: for a saga that is added to a context with a history which it must not act on. */
    FROM_NOW_ON {
        @Override
        @Nullable TrackingToken token(StreamableMessageSource<TrackedEventMessage<?>> source) {
            return source.createHeadToken();
        }
    };

    abstract @Nullable TrackingToken token(StreamableMessageSource<TrackedEventMessage<?>> source);
}
