package io.farandole.boot.operations;

import io.farandole.axon.ParkedProcesses;
import io.farandole.boot.AxonFarandoleAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.filter.OncePerRequestFilter;

/** The endpoints for operations, where they are exposed, and who may use them. */
@AutoConfiguration(after = AxonFarandoleAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({WebEndpoint.class, PasswordEncoder.class, OncePerRequestFilter.class, ParkedProcesses.class})
@ConditionalOnBean(ParkedProcesses.class)
@EnableConfigurationProperties(OperationsProperties.class)
public class OperationsAutoConfiguration {

    private static final Profiles DEV = Profiles.of("dev");

    @Bean
    SignIn farandoleSignIn(OperationsProperties properties, Environment environment) {
        return new SignIn(
                new Operators(properties.operators(), environment.acceptsProfiles(DEV)),
                new GuessLimit(System::nanoTime));
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    ParkedEndpoint parkedEndpoint(ParkedProcesses parked) {
        return new ParkedEndpoint(parked);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    ParkedProcessEndpoint parkedProcessEndpoint(ParkedProcesses parked) {
        return new ParkedProcessEndpoint(parked);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    ParkedGroupsEndpoint parkedGroupsEndpoint(ParkedProcesses parked) {
        return new ParkedGroupsEndpoint(parked);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    ParkedRetriesEndpoint parkedRetriesEndpoint(ParkedProcesses parked) {
        return new ParkedRetriesEndpoint(parked);
    }
}
