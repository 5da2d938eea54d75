package io.farandole.rabbitmq;

import io.farandole.messaging.Inbox;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/** What a listener is made of. */
record ListenerContext(
        TopologySpec spec,
        Broker broker,
        Inbox inbox,
        EnvelopeCodec codec,
        ListenerSettings settings,
        RabbitMetrics metrics,
        Clock clock,
        Supplier<UUID> ids) {}
