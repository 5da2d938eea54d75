package io.farandole.audit.whatif;

import java.util.List;
import org.axonframework.common.Registration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageDispatchInterceptor;

/** Notes events, and publishes none. */
record NotingEvents(SagaActions notes) implements EventGateway {

    @Override
    public void publish(List<?> events) {
        events.forEach(event -> notes.event(event instanceof Message<?> message ? message.getPayload() : event));
    }

    @Override
    public Registration registerDispatchInterceptor(
            MessageDispatchInterceptor<? super EventMessage<?>> dispatchInterceptor) {
        return () -> true;
    }
}
