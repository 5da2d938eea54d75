package io.farandole.shop.payment.gateway;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the provider: over HTTP, unless another gateway is there. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProviderSettings.class)
class GatewayConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PaymentGateway paymentGateway(ProviderSettings settings) {
        return new HttpPaymentGateway(settings);
    }
}
