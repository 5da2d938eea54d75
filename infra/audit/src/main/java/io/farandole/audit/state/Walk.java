package io.farandole.audit.state;

import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.annotation.MessageHandlerInvocationException;
import org.axonframework.serialization.UnknownSerializedType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One aggregate on its way through its events. Used by one thread. */
final class Walk {

    private final JournalMessages messages;
    private final RegistrySerializer serializer;
    private final @Nullable Fold<?> fold;
    private final List<String> notes = new ArrayList<>();

    /**
     * A walk before the first event.
     *
     * @param fold null to look at the events only
     */
    Walk(JournalMessages messages, RegistrySerializer serializer, @Nullable Fold<?> fold) {
        this.messages = messages;
        this.serializer = serializer;
        this.fold = fold;
    }

    /** A handler of the aggregate has thrown: what it has made of it by then is no state of it. */
    static final class HandlerFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final long sequence;

        HandlerFailedException(AggregateVersion version, RuntimeException cause) {
            super(
                    "The aggregate's handler of event " + version.sequence() + " (" + version.type() + ") throws "
                            + (cause instanceof MessageHandlerInvocationException && cause.getCause() != null
                                    ? cause.getCause()
                                    : cause),
                    cause);
            this.sequence = version.sequence();
        }

        long sequence() {
            return sequence;
        }
    }

    /**
     * Takes the next event in; one that cannot be read is noted and left out.
     *
     * @throws HandlerFailedException if the aggregate's handler throws
     */
    AggregateVersion step(JournalRow row) {
        AggregateVersion version = AggregateVersion.of(row);
        List<DomainEventMessage<?>> events;
        try {
            events = read(row);
        } catch (RuntimeException e) {
            return leftOut(version, row, "cannot be read (" + e.getMessage() + ")");
        }
        if (events == null) {
            return leftOut(version, row, "is of a type that this program does not know any more");
        }
        Fold<?> folded = fold;
        if (folded != null) {
            try {
                events.forEach(folded::apply);
            } catch (RuntimeException e) {
                throw new HandlerFailedException(version, e);
            }
        }
        return version;
    }

    /** The events of a row, their payloads read; null if one of them is of an unknown type. */
    private @Nullable List<DomainEventMessage<?>> read(JournalRow row) {
        List<DomainEventMessage<?>> events = new ArrayList<>();
        for (TrackedEventMessage<?> message : messages.of(row)) {
            if (message.getPayload() instanceof UnknownSerializedType) {
                return null;
            }
            if (message instanceof DomainEventMessage<?> event) {
                events.add(event);
            }
        }
        return events;
    }

    private AggregateVersion leftOut(AggregateVersion version, JournalRow row, String why) {
        String note = "Event " + version.sequence() + " (" + version.type() + ") " + why
                + ": shown as it is stored, and the state is without it.";
        notes.add(note);
        return version.unread(row.payload(), note);
    }

    /** The fields as they are now; null before the first event that could be read, or without a class. */
    @Nullable JsonNode fields() {
        Object root = fold == null ? null : fold.root();
        return root == null ? null : serializer.fieldsOf(root);
    }

    boolean isDeleted() {
        return fold != null && fold.isDeleted();
    }

    List<String> notes() {
        return notes;
    }
}
