package io.farandole.shop.payment.charging;

import io.farandole.messaging.EventTypes;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.shop.payment.gateway.PaymentGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires charging: its events' names, and its calls to the provider. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChargingSettings.class)
class ChargingConfiguration {

    @Bean
    static EventTypes chargingEvents() {
        return PaymentEvents.TYPES;
    }

    @Bean
    ProviderCalls providerCalls(ObjectProvider<OutsideCalls> calls, ChargingSettings settings) {
        return new OutsideProviderCalls(call -> calls.getObject().request(call), settings);
    }

    @Bean
    OutsideCallHandler<?, ?> authorizeHandler(PaymentGateway gateway) {
        return OutsideProviderCalls.authorizing(gateway);
    }

    @Bean
    OutsideCallHandler<?, ?> captureHandler(PaymentGateway gateway) {
        return OutsideProviderCalls.capturing(gateway);
    }

    @Bean
    OutsideCallHandler<?, ?> voidHandler(PaymentGateway gateway) {
        return OutsideProviderCalls.cancelling(gateway);
    }

    @Bean
    OutsideCallHandler<?, ?> refundHandler(PaymentGateway gateway) {
        return OutsideProviderCalls.refunding(gateway);
    }
}
