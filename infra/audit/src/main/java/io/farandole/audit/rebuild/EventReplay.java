package io.farandole.audit.rebuild;

import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalRow;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.serialization.UnknownSerializedType;

/**
 * Hands rows of the journal to the handlers of a read model, in the thread's transaction, as a replay: Axon's {@code ReplayStatus} says
 * so. Stateless and thread-safe.
 */
final class EventReplay {

    private static final GlobalSequenceTrackingToken BEHIND_ALL = new GlobalSequenceTrackingToken(Long.MAX_VALUE);

    private final JournalEventStorageEngine engine;
    private final EventTypes types;
    private final Handlers handlers;

    EventReplay(JournalEventStorageEngine engine, EventTypes types, Handlers handlers) {
        this.engine = engine;
        this.types = types;
        this.handlers = handlers;
    }

    /** How many were handled, and how many were of types that nobody knows any more. */
    record Count(long events, long unknown) {

        static final Count NONE = new Count(0, 0);

        Count plus(Count other) {
            return new Count(events + other.events, unknown + other.unknown);
        }
    }

    /**
     * Has them handled in one unit of work.
     *
     * @param rows in order
     * @param live those that are left out are behind these
     */
    Count replay(List<JournalRow> rows, LivePositions live, Replaying replaying) {
        List<EventMessage<?>> events = new ArrayList<>();
        long unknown = 0;
        for (JournalRow row : rows) {
            for (TrackedEventMessage<?> message : engine.messages(row)) {
                if (message.getPayloadType() == UnknownSerializedType.class) {
                    refuseNewer(row);
                    unknown++;
                } else if (handlers.canHandle(message) && live.include(message, row.position(), handlers)) {
                    events.add(message.withTrackingToken(
                            ReplayToken.createReplayToken(BEHIND_ALL, message.trackingToken())));
                }
            }
        }
        if (!events.isEmpty()) {
            handle(events, replaying);
        }
        return new Count(events.size(), unknown);
    }

    /** What a newer release has written is not passed over: the read model would lack it. */
    private void refuseNewer(JournalRow row) {
        if (types.all().stream().map(EventType::name).anyMatch(row.payloadType()::equals)) {
            throw new RefusedException(
                    "Event " + row.eventId() + " at position " + row.position() + " is " + row.payloadType()
                            + " in version " + row.payloadVersion()
                            + ", which this release does not know: rebuild with the release that writes it");
        }
    }

    private void handle(List<EventMessage<?>> events, Replaying replaying) {
        BatchingUnitOfWork<EventMessage<?>> unit = new BatchingUnitOfWork<>(events);
        ResultMessage<Boolean> result = unit.executeWithResult(
                () -> handlers.handle(unit.getMessage(), replaying), RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            Throwable failure = result.exceptionResult();
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            throw new IllegalStateException(failure);
        }
    }
}
