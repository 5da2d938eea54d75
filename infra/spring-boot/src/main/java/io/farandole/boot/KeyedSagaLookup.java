package io.farandole.boot;

import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;

/**
 * Registers every {@code @Saga} bean with the keyed invoker. Axon's own lookup, which runs later, leaves sagas alone that have
 * a registrar of the name used here.
 */
class KeyedSagaLookup implements BeanDefinitionRegistryPostProcessor {

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (!(registry instanceof ConfigurableListableBeanFactory beans)) {
            return;
        }
        for (String saga : beans.getBeanNamesForAnnotation(Saga.class)) {
            Class<?> type = beans.getType(saga, false);
            registry.registerBeanDefinition(
                    saga + "$$Registrar",
                    BeanDefinitionBuilder.genericBeanDefinition(KeyedSagaRegistrar.class)
                            .addConstructorArgValue(type)
                            .getBeanDefinition());
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        // Everything is done in the registry's phase, before Axon looks.
    }
}
