package io.farandole.rabbitmq;

import io.farandole.messaging.Inbox;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** What a listener is made of. */
record ListenerContext(
        TopologySpec spec,
        List<String> queues,
        Broker broker,
        Inbox inbox,
        EnvelopeCodec codec,
        ListenerSettings settings,
        RabbitMetrics metrics,
        Clock clock,
        Supplier<UUID> ids) {}
