package io.farandole.shop.order.tracking;

import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Has the read model written in the units of work of the commands. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FeedSettings.class)
class TrackingConfiguration {

    static final String GROUP = "tracking";

    @Autowired
    void subscribe(EventProcessingConfigurer events) {
        events.registerSubscribingEventProcessor(GROUP)
                .registerListenerInvocationErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance())
                .registerErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance());
    }
}
