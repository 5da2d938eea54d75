package io.farandole.rabbitmq;

import io.farandole.messaging.EventType;
import java.time.Duration;

/**
 * Is told what relay and listener do. Called on their threads: implementations must be quick and must not throw. Every
 * method does nothing by default.
 */
public interface RabbitMetrics {

    /** Observes nothing. */
    RabbitMetrics NONE = new RabbitMetrics() {};

    /** An event was handed to the broker, for the first time or again. {@code followed}: with {@code mandatory}. */
    default void published(EventType type, boolean followed) {}

    /** The broker has confirmed an event, after so long. */
    default void confirmed(EventType type, Duration took) {}

    /** The broker has refused an event for now; it is published again. */
    default void nacked(EventType type) {}

    /** A followed event found no queue; the relay stops until it does. */
    default void returned(EventType type) {}

    /** A confirm did not come in time; the connection is given up, and so many unconfirmed events are published again. */
    default void confirmTimedOut(int unconfirmed) {}

    /** So many deliveries arrived. */
    default void received(int deliveries) {}

    /** A batch is durable in the inbox. */
    default void appended(int events, int duplicates) {}

    /** A delivery was set aside to {@code <context>.unhandled}. */
    default void setAside(RejectionReason reason) {}

    /** So many messages were put back from {@code <context>.unhandled} to the inbox. */
    default void putBack(int messages) {}

    /** Appending a batch failed; it is tried again. */
    default void appendFailed() {}

    /** The connection of {@code relay} or {@code listener} was lost or refused. */
    default void connectionLost(String user) {}
}
