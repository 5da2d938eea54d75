package io.farandole.boot.web;

import io.farandole.axon.FarandoleModule;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import javax.sql.DataSource;
import org.apache.catalina.valves.ErrorReportValve;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The HTTP side of a context, where it has one: bounded bodies, problem documents, one transaction per POST, and
 * {@code Idempotency-Key} on every POST.
 */
@AutoConfiguration(
        before = WebMvcAutoConfiguration.class,
        beforeName = "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({RequestMappingHandlerAdapter.class, TransactionManager.class, JdbcClient.class})
@EnableConfigurationProperties(WebSettings.class)
public class FarandoleWebAutoConfiguration {

    @Bean
    FilterRegistrationBean<BodyLimitFilter> farandoleBodyLimit(WebSettings settings, JsonMapper mapper) {
        FilterRegistrationBean<BodyLimitFilter> registration =
                new FilterRegistrationBean<>(new BodyLimitFilter(settings, mapper));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
        return registration;
    }

    /** Half a piece is no piece: nothing is rounded, and text is not a number. */
    @Bean
    JsonMapperBuilderCustomizer farandoleWholeNumbers() {
        return mapper -> mapper.withCoercionConfig(
                LogicalType.Integer, config -> config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    @Bean
    Problems farandoleProblems() {
        return new Problems();
    }

    @Bean
    @ConditionalOnMissingBean(ErrorController.class)
    ProblemErrorController farandoleErrorController() {
        return new ProblemErrorController();
    }

    @Bean
    RememberedAnswers farandoleRememberedAnswers(DataSource dataSource, JsonMapper mapper) {
        return new RememberedAnswers(JdbcClient.create(dataSource), mapper);
    }

    @Bean
    ForgetsOldAnswers farandoleForgetsOldAnswers(RememberedAnswers answers, WebSettings settings) {
        return new ForgetsOldAnswers(answers, settings.idempotencyWindow());
    }

    @Bean
    @ConditionalOnMissingBean
    WebMvcRegistrations farandoleWebMvcRegistrations(
            TransactionManager transactions,
            RememberedAnswers answers,
            JsonMapper mapper,
            WebSettings settings,
            ObjectProvider<FarandoleModule> module) {
        FarandoleModule processors = module.getIfAvailable();
        Posts posts =
                new Posts(transactions, answers, mapper, settings, processors == null ? () -> 0 : processors::behind);
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerAdapter getRequestMappingHandlerAdapter() {
                return new PostHandlerAdapter(posts);
            }
        };
    }

    /** Only where Tomcat is the server, as it is by default. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({TomcatServletWebServerFactory.class, ErrorReportValve.class})
    static class OnTomcat {

        /** After Spring Boot's own valve, and so within it: this one reports first. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> farandoleProblemValve(JsonMapper mapper) {
            return factory -> factory.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new ProblemValve(mapper)));
        }
    }
}
