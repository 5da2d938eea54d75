package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;

/** Decides whether a delivery is an event that this context follows. Immutable and thread-safe. */
final class Triage {

    private final TopologySpec spec;
    private final EnvelopeCodec codec;

    Triage(TopologySpec spec, EnvelopeCodec codec) {
        this.spec = spec;
        this.codec = codec;
    }

    /** The event of a delivery; what was put back counts as if it came from where it had come from first. */
    Envelope examine(Delivered delivery) throws RejectedMessageException {
        String exchange = Originals.exchange(spec.parking(), delivery.exchange(), delivery.properties());
        String userId = Originals.userId(spec.parking(), delivery.exchange(), delivery.properties());
        Envelope event = codec.decode(exchange, userId, delivery.properties(), delivery.body());
        if (!spec.follows().contains(event.type())) {
            throw rejection(event.type());
        }
        return event;
    }

    private RejectedMessageException rejection(EventType type) {
        boolean otherVersion =
                spec.follows().stream().anyMatch(followed -> followed.name().equals(type.name()));
        return otherVersion
                ? new RejectedMessageException(
                        RejectionReason.UNKNOWN_VERSION, spec.context() + " follows another version than " + type)
                : new RejectedMessageException(
                        RejectionReason.NOT_FOLLOWED, spec.context() + " does not follow " + type);
    }
}
