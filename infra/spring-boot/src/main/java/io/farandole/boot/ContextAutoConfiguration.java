package io.farandole.boot;

import io.farandole.eventstore.JsonUpcaster;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Publications;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** The context's name and language: its registered events, what it publishes, and what its handlers follow. */
@AutoConfiguration
@EnableConfigurationProperties(ContextSettings.class)
public class ContextAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    JsonCodec jsonCodec() {
        return new JsonCodec();
    }

    @Bean
    ContextLanguage contextLanguage(
            ContextSettings settings,
            ObjectProvider<EventTypes> eventTypes,
            ObjectProvider<Publications> publications,
            ObjectProvider<Followers> declared,
            ObjectProvider<JsonUpcaster> upcasters,
            ConfigurableListableBeanFactory beans) {
        String context = settings.requiredContext();
        EventTypes types = EventTypes.merge(eventTypes.orderedStream().toList());
        Followers followers = Followers.merge(declared.orderedStream().toList());
        Set<EventType> followed = FollowedTypes.withOlder(
                FollowedTypes.of(handlerClasses(beans), types, context),
                upcasters.orderedStream().toList(),
                context);
        FollowedTypes.verify(followed, followers, context);
        return new ContextLanguage(
                context, types, Publications.merge(publications.orderedStream().toList()), followers, followed);
    }

    private static Set<Class<?>> handlerClasses(ConfigurableListableBeanFactory beans) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type != null && (AnnotatedElementUtils.hasAnnotation(type, Saga.class) || handlesEvents(type))) {
                classes.add(type);
            }
        }
        return classes;
    }

    private static boolean handlesEvents(Class<?> type) {
        if (type.getName().startsWith("org.springframework.") || type.getName().startsWith("org.axonframework.")) {
            return false;
        }
        return Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
                .anyMatch(method -> AnnotatedElementUtils.hasAnnotation(method, EventHandler.class)
                        || AnnotatedElementUtils.hasAnnotation(method, SagaEventHandler.class));
    }
}
