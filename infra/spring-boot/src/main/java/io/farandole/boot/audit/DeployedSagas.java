package io.farandole.boot.audit;

import io.farandole.audit.whatif.SagaVersion;
import io.farandole.axon.FarandoleModule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.SagaConfiguration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.env.Environment;

/**
 * The sagas that this service runs, as a replay needs them. Of the service's beans they are given their settings ({@link
 * ConfigurationProperties}) and nothing else, for any other might act. Thread-safe.
 */
public class DeployedSagas {

    private final Configuration configuration;
    private final FarandoleModule module;
    private final ListableBeanFactory beans;
    private final Environment environment;

    DeployedSagas(
            Configuration configuration, FarandoleModule module, ListableBeanFactory beans, Environment environment) {
        this.configuration = configuration;
        this.module = module;
        this.beans = beans;
        this.environment = environment;
    }

    /** Their names, sorted. */
    public Set<String> names() {
        return all().keySet();
    }

    /**
     * One of them, to be replayed.
     *
     * @throws IllegalArgumentException if there is none of that name, or it must not be replayed
     */
    public SagaVersion<?> version(String name) {
        SagaConfiguration<?> saga = all().get(name);
        if (saga == null) {
            throw new IllegalArgumentException("There is no saga " + name + " here; there are " + names());
        }
        String processor = saga.eventProcessor().getName();
        SagaVersion<?> version = SagaVersion.of(saga.type())
                .processor(processor)
                .beside(event -> module.isHeardBeside(processor, event))
                .properties(environment::resolveRequiredPlaceholders);
        // Annotated classes, not what an annotated method has made: such is the data source.
        beans.getBeansWithAnnotation(ConfigurationProperties.class).values().stream()
                .filter(bean -> bean.getClass().isAnnotationPresent(ConfigurationProperties.class))
                .forEach(version::resource);
        return version;
    }

    private Map<String, SagaConfiguration<?>> all() {
        Map<String, SagaConfiguration<?>> sagas = new TreeMap<>();
        configuration
                .getComponent(EventProcessingConfiguration.class)
                .sagaConfigurations()
                .forEach(saga -> sagas.put(saga.type().getSimpleName(), saga));
        return sagas;
    }
}
