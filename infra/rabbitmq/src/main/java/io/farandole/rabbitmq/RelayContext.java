package io.farandole.rabbitmq;

import io.farandole.messaging.Outbox;
import java.util.Optional;

/** What a relay is made of. */
record RelayContext(
        TopologySpec spec,
        Broker broker,
        Outbox outbox,
        EnvelopeCodec codec,
        RelaySettings settings,
        RabbitMetrics metrics,
        Optional<BindingCheck> bindingCheck) {}
