package io.farandole.shop.order.coordination;

import io.farandole.messaging.EventTypes;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCalls;
import java.time.Duration;
import java.util.function.Function;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the coordinator: the events' names always, for they may be in the journal; all else where it is switched on. */
@Configuration(proxyBeanMethods = false)
class CoordinationConfiguration {

    @Bean
    static EventTypes coordinationEvents() {
        return CoordinationEvents.TYPES;
    }

    /** Everything that needs participants. */
    @Configuration(proxyBeanMethods = false)
    @Coordinated
    @EnableConfigurationProperties(CoordinationSettings.class)
    static class WithParticipants {

        @Autowired
        void subscribe(EventProcessingConfigurer events) {
            events.registerSubscribingEventProcessor(CoordinatedOrderProjection.GROUP)
                    .registerListenerInvocationErrorHandler(
                            CoordinatedOrderProjection.GROUP, configuration -> PropagatingErrorHandler.instance())
                    .registerErrorHandler(
                            CoordinatedOrderProjection.GROUP, configuration -> PropagatingErrorHandler.instance());
        }

        @Bean
        HttpParticipants participants(CoordinationSettings settings) {
            return new HttpParticipants(settings);
        }

        @Bean
        ParticipantCalls participantCalls(ObjectProvider<OutsideCalls> calls, CoordinationSettings settings) {
            return new OutsideParticipantCalls(call -> calls.getObject().request(call), settings);
        }

        @Bean
        OutsideCallHandler<?, ?> reserveCall(HttpParticipants participants, CoordinationSettings settings) {
            return call(CoordinationStep.RESERVE, participants::reserve, settings);
        }

        @Bean
        OutsideCallHandler<?, ?> chargeCall(HttpParticipants participants, CoordinationSettings settings) {
            return call(CoordinationStep.CHARGE, participants::charge, settings);
        }

        @Bean
        OutsideCallHandler<?, ?> confirmCall(HttpParticipants participants, CoordinationSettings settings) {
            return call(CoordinationStep.CONFIRM, participants::confirm, settings);
        }

        @Bean
        OutsideCallHandler<?, ?> releaseCall(HttpParticipants participants, CoordinationSettings settings) {
            return call(CoordinationStep.RELEASE, participants::release, settings);
        }

        @Bean
        OutsideCallHandler<?, ?> refundCall(HttpParticipants participants, CoordinationSettings settings) {
            return call(CoordinationStep.REFUND, participants::refund, settings);
        }

        private static ParticipantCall call(
                CoordinationStep step,
                Function<ParticipantRequest, ParticipantAnswer> asking,
                CoordinationSettings settings) {
            Duration longest = settings.connectTimeout().plus(settings.timeout());
            return new ParticipantCall(step, asking, longest.multipliedBy(2));
        }
    }
}
