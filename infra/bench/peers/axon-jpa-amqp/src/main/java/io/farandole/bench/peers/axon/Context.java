package io.farandole.bench.peers.axon;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.github.benmanes.caffeine.jcache.configuration.CaffeineConfiguration;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.peers.axon.Events.OfOrder;
import java.net.URI;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.caching.JCacheAdapter;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.jpa.SQLStateResolver;
import org.axonframework.modelling.saga.repository.CachingSagaStore;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jpa.JpaSagaStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;

/** One bounded context: an Axon configuration with JPA stores in a database of its own, and its queues. */
final class Context implements AutoCloseable {

    private static final int EVENTS_PER_SNAPSHOT = 200;
    private static final long CACHED = 100_000;

    private final Database database;
    private final Broker broker;
    private final CacheManager caches;
    private final Configurer configurer;
    private final Serializer serializer = serializer();

    /** Named so; as many messages are handled, and as many commands sent, at a time as there are partitions. */
    Context(String name, ContenderSettings settings, String url, int partitions) {
        database = new Database(name, url, settings.dbUser(), settings.dbPassword(), 2 * partitions);
        broker = new Broker(name, settings, partitions, 2 * partitions, serializer);
        caches = Caching.getCachingProvider()
                .getCacheManager(URI.create("contender:" + name), Context.class.getClassLoader());
        configurer = DefaultConfigurer.jpaConfiguration(
                        database.entityManagers(), new SpringTransactionManager(database.transactions()))
                .configureSerializer(c -> serializer)
                .configureEventSerializer(c -> serializer)
                .configureMessageSerializer(c -> serializer)
                .registerComponent(PersistenceExceptionResolver.class, c -> new SQLStateResolver());
        configurer
                .eventProcessing()
                .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance())
                .registerDefaultErrorHandler(c -> PropagatingErrorHandler.instance())
                .registerDefaultHandlerInterceptor((c, processor) -> new Inbox(database.jdbc()));
    }

    private static Serializer serializer() {
        return Jackson3Serializer.builder()
                .jsonMapperBuilderCustomizer(json -> json.changeDefaultVisibility(
                        visible -> visible.withFieldVisibility(Visibility.ANY).withGetterVisibility(Visibility.NONE)))
                .build();
    }

    /** With its own aggregates, cached. */
    <A> Context aggregate(Class<A> type) {
        configurer.configureAggregate(AggregateConfigurer.defaultConfiguration(type)
                .configureCache(c -> cache(type.getSimpleName()))
                .configureSnapshotTrigger(
                        c -> new EventCountSnapshotTriggerDefinition(c.snapshotter(), EVENTS_PER_SNAPSHOT)));
        return this;
    }

    /** With a saga that is fed by the queues. */
    <S> Context saga(Class<S> type) {
        configurer
                .eventProcessing()
                .registerSaga(type, saga -> saga.configureSagaStore(this::cachedSagas))
                .registerSubscribingEventProcessor(type.getSimpleName() + "Processor", c -> broker.source());
        return this;
    }

    @SuppressWarnings("unchecked")
    private <S> SagaStore<? super S> cachedSagas(Configuration configuration) {
        return (SagaStore<? super S>) CachingSagaStore.builder()
                .delegateSagaStore(JpaSagaStore.builder()
                        .entityManagerProvider(database.entityManagers())
                        .serializer(serializer)
                        .build())
                .associationsCache(cache("associations"))
                .sagaCache(cache("sagas"))
                .build();
    }

    /** With an event handler that is fed by the queues. */
    Context handler(String processor, Function<Configuration, Object> handler) {
        configurer
                .eventProcessing()
                .registerEventHandler(handler)
                .byDefaultAssignTo(processor)
                .registerSubscribingEventProcessor(processor, c -> broker.source());
        return this;
    }

    /** With something that handlers can ask for. */
    <T> Context resource(Class<T> type, T resource) {
        configurer.registerComponent(type, c -> resource);
        return this;
    }

    private Cache cache(String name) {
        CaffeineConfiguration<Object, Object> bounded = new CaffeineConfiguration<>();
        bounded.setStoreByValue(false);
        bounded.setMaximumSize(OptionalLong.of(CACHED));
        return new JCacheAdapter(caches.createCache(name, bounded));
    }

    /** Follows these events of another context. */
    Context follow(String context, Set<Class<? extends OfOrder>> types) {
        broker.follow(context, types);
        return this;
    }

    /** Starts it; events of those types are published, the queues are not read yet. */
    Running start(Set<Class<? extends OfOrder>> published) {
        return new Running(configurer.start(), published);
    }

    @Override
    public void close() {
        broker.close();
        caches.close();
        database.close();
    }

    /** A context whose configuration is started. */
    final class Running implements AutoCloseable {

        private final Configuration configuration;
        private final Set<Class<? extends OfOrder>> published;

        private Running(Configuration configuration, Set<Class<? extends OfOrder>> published) {
            this.configuration = configuration;
            this.published = published;
        }

        CommandGateway commands() {
            return configuration.commandGateway();
        }

        /** The event store. */
        EventBus events() {
            return configuration.eventBus();
        }

        Database database() {
            return database;
        }

        /** From now on events are published and the queues are read. */
        void connect() {
            broker.startPublishing(configuration.eventBus(), published);
            broker.startReading();
        }

        @Override
        public void close() {
            configuration.shutdown();
            Context.this.close();
        }
    }
}
