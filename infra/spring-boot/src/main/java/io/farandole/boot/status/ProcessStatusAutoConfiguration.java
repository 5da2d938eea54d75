package io.farandole.boot.status;

import io.farandole.boot.SagaAutoConfiguration;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.status.ProcessStatuses;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells where processes stand: of this context as an Actuator endpoint, of all contexts as a bean. */
@AutoConfiguration(after = SagaAutoConfiguration.class)
@ConditionalOnBean(ProcessStatuses.class)
@EnableConfigurationProperties(ContextAddresses.class)
public class ProcessStatusAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    OtherContexts otherContexts(ContextAddresses addresses, JsonCodec codec) {
        return new OtherContexts(addresses, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessOverviews processOverviews(ProcessStatuses own, OtherContexts others) {
        return new ProcessOverviews(own, others);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static class Endpoints {

        @Bean
        @ConditionalOnAvailableEndpoint(ProcessEndpoint.class)
        ProcessEndpoint processEndpoint(ProcessStatuses statuses) {
            return new ProcessEndpoint(statuses);
        }
    }
}
