package io.farandole.boot.operations;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts the filter in front of the endpoints, on whichever port they are served. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({PasswordEncoder.class, OncePerRequestFilter.class})
class OperatorFilterConfiguration {

    /** After Spring Security's filters (-100), where there are any: who was signed in there counts. */
    private static final int ORDER = 0;

    @Bean
    FilterRegistrationBean<OperatorFilter> farandoleOperatorFilter(
            SignIn signIn, ObjectProvider<PathMappedEndpoints> endpoints) {
        FilterRegistrationBean<OperatorFilter> registration =
                new FilterRegistrationBean<>(new OperatorFilter(new OperationPaths(endpoints::getObject), signIn));
        registration.setOrder(ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
        return registration;
    }
}
