package io.farandole.shop.stock.dispatch;

import io.farandole.shop.stock.reservation.ReservationEvent.DeliveryNoted;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Writes an order's row in the transaction that appends its event. It needs no key: what is sealed stays so. */
@Component
@ProcessingGroup(DispatchProjection.GROUP)
class DispatchProjection {

    static final String GROUP = "dispatch";

    private final DispatchViews views;

    DispatchProjection(DispatchViews views) {
        this.views = views;
    }

    @EventHandler
    void on(DeliveryNoted event) {
        views.save(new DispatchView(event.orderId(), event.deliverTo()));
    }

    /** Subscribes the projection to the commands' units of work. */
    @Configuration(proxyBeanMethods = false)
    static class Subscription {

        @Autowired
        void subscribe(EventProcessingConfigurer events) {
            events.registerSubscribingEventProcessor(GROUP)
                    .registerListenerInvocationErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance())
                    .registerErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance());
        }
    }
}
