package io.farandole.boot;

import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.KeyedSagaStore;
import io.farandole.saga.SagaObserver;
import io.farandole.saga.deadline.JournalDeadlines;
import io.farandole.saga.outside.OutsideCalls;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/**
 * Brings one saga class into Axon's configuration, in a processor of its own name, invoked by process key.
 *
 * @param <T> the saga's class
 */
class KeyedSagaRegistrar<T> implements ConfigurerModule {

    private final Class<T> type;
    private final ObjectProvider<KeyedSagaStore> store;
    private final ObjectProvider<JsonCodec> codec;
    private final ObjectProvider<JournalDeadlines> deadlines;
    private final ObjectProvider<SagaObserver> observer;
    private final ObjectProvider<SagaPlans> plans;
    private final ObjectProvider<OutsideCalls> calls;
    private final Environment environment;

    KeyedSagaRegistrar(
            Class<T> type,
            ObjectProvider<KeyedSagaStore> store,
            ObjectProvider<JsonCodec> codec,
            ObjectProvider<JournalDeadlines> deadlines,
            ObjectProvider<SagaObserver> observer,
            ObjectProvider<SagaPlans> plans,
            ObjectProvider<OutsideCalls> calls,
            Environment environment) {
        this.type = type;
        this.store = store;
        this.codec = codec;
        this.deadlines = deadlines;
        this.observer = observer;
        this.plans = plans;
        this.calls = calls;
        this.environment = environment;
    }

    @Override
    public void configureModule(Configurer configurer) {
        configurer
                .eventProcessing()
                .registerSaga(type, saga -> saga.configureSagaManager(c -> new KeyedSagaAdapter<>(invoker(c))));
    }

    private KeyedSagaInvoker<T> invoker(Configuration configuration) {
        KeyedSagaInvoker<T> invoker = KeyedSagaInvoker.builder(type, store.getObject(), codec.getObject())
                .resources(configuration.resourceInjector())
                .deadlines(deadlines.getObject())
                .observer(observer.getObject())
                .parameters(configuration.parameterResolverFactory())
                .definition(configuration.handlerDefinition(type))
                .properties(environment::resolveRequiredPlaceholders)
                .build();
        invoker.plan().requireOutsideCalls(calls.getObject().kinds());
        plans.getObject().add(invoker.plan());
        return invoker;
    }
}
