package io.farandole.boot.operations;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
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
            @Qualifier("farandoleSignIn") SignIn signIn,
            ObjectProvider<PathMappedEndpoints> endpoints,
            ObjectProvider<OperatorsOnly> further) {
        return registration(
                new OperatorFilter(new OperationPaths(endpoints::getObject, further.orderedStream()), signIn));
    }

    /** Services sign in where keys are given out; there no operator does, and nowhere else does a service. */
    @Bean
    @ConditionalOnBean(KeyGrants.class)
    FilterRegistrationBean<OperatorFilter> farandoleGrantFilter(
            KeyGrants grants, ObjectProvider<PathMappedEndpoints> endpoints) {
        return registration(new OperatorFilter(
                new OperationPaths(List.of(PersonalKeysEndpoint.ID), endpoints::getObject),
                new SignIn(grants, new GuessLimit(System::nanoTime))));
    }

    private static FilterRegistrationBean<OperatorFilter> registration(OperatorFilter filter) {
        FilterRegistrationBean<OperatorFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
        return registration;
    }
}
