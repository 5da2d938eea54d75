package io.farandole.boot;

import org.axonframework.spring.config.SpringAggregateConfigurer;
import org.springframework.beans.MutablePropertyValues;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Has every {@code @Aggregate} kept in the context's aggregate cache, unless it names a cache or a repository of its own. Runs after
 * Axon has found the aggregates.
 */
class CachedAggregates implements BeanFactoryPostProcessor {

    static final String CACHE = "farandoleAggregateCache";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(SpringAggregateConfigurer.class, true, false)) {
            MutablePropertyValues values = beans.getBeanDefinition(name).getPropertyValues();
            if (!values.contains("cache") && !values.contains("repository")) {
                values.add("cache", CACHE);
            }
        }
    }
}
