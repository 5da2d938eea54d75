package io.farandole.rabbitmq;

import io.farandole.messaging.Outbox;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a relay is made of; with a follower, its outbox is for that follower alone. */
record RelayContext(
        TopologySpec spec,
        Broker broker,
        Outbox outbox,
        EnvelopeCodec codec,
        RelaySettings settings,
        RabbitMetrics metrics,
        Optional<BindingCheck> bindingCheck,
        @Nullable Supplier<String> follower) {}
