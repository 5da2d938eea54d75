package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;

/** Decides whether a delivery is an event that this context follows. Immutable and thread-safe. */
final class Triage {

    private static final String BACKFILL = TopologySpec.backfillOf("");

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
        Envelope event = codec.decode(published(exchange), userId, delivery.properties(), delivery.body());
        if (!spec.follows().contains(event.type())) {
            throw rejection(event.type());
        }
        return event;
    }

    /** What a context sends again to one follower is what it has published: only that context can write to either exchange. */
    private static String published(String exchange) {
        return exchange.endsWith(BACKFILL)
                ? TopologySpec.exchangeOf(exchange.substring(0, exchange.length() - BACKFILL.length()))
                : exchange;
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
