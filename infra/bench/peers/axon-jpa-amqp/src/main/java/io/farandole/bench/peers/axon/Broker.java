package io.farandole.bench.peers.axon;

import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.peers.axon.Events.OfOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.amqp.eventhandling.AMQPMessageConverter;
import org.axonframework.extensions.amqp.eventhandling.DefaultAMQPMessageConverter;
import org.axonframework.extensions.amqp.eventhandling.spring.SpringAMQPMessageSource;
import org.axonframework.extensions.amqp.eventhandling.spring.SpringAMQPPublisher;
import org.axonframework.messaging.SubscribableMessageSource;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;

/**
 * One context's connection with the broker: an exchange that the extension publishes to, and as many queues as there are
 * partitions, each read by one consumer, so that the events of an order are handled in their order.
 */
final class Broker implements AutoCloseable {

    private static final long PUBLISHER_ACK_TIMEOUT_MILLIS = 30_000;
    private static final int PREFETCH = 64;

    private final String context;
    private final int partitions;
    private final CachingConnectionFactory publishing;
    private final CachingConnectionFactory consuming;
    private final ExecutorService consumers;
    private final SpringAMQPMessageSource source;
    private final AMQPMessageConverter converter;
    private final DirectMessageListenerContainer listener;
    private @Nullable SpringAMQPPublisher publisher;

    /**
     * Connects when it is first used.
     *
     * @param channels how many channels are kept open to publish on: as many as threads that publish
     */
    Broker(String context, ContenderSettings settings, int partitions, int channels, Serializer serializer) {
        this.context = context;
        this.partitions = partitions;
        consumers = Executors.newFixedThreadPool(partitions);
        publishing = connections(settings, context + "-publisher");
        publishing.setChannelCacheSize(channels);
        consuming = connections(settings, context + "-consumer");
        consuming.setExecutor(consumers);
        converter = DefaultAMQPMessageConverter.builder()
                .serializer(serializer)
                .routingKeyResolver(event -> routingKey(event.getPayloadType(), partition(event)))
                .durable(true)
                .build();
        source = new SpringAMQPMessageSource(converter);
        listener = new DirectMessageListenerContainer(consuming);
        listener.setConsumersPerQueue(1);
        listener.setPrefetchCount(PREFETCH);
        listener.setMessageListener(source);
    }

    private static CachingConnectionFactory connections(ContenderSettings settings, String name) {
        CachingConnectionFactory connections =
                new CachingConnectionFactory(settings.rabbitHost(), settings.rabbitPort());
        connections.setVirtualHost(settings.rabbitVhost());
        connections.setUsername(settings.rabbitUser());
        connections.setPassword(settings.rabbitPassword());
        connections.setConnectionNameStrategy(factory -> name);
        return connections;
    }

    /** What the processors of incoming events are subscribed to. */
    SubscribableMessageSource<EventMessage<?>> source() {
        return source;
    }

    /** Declares the queues and what of another context's events goes into them. */
    void follow(String from, Set<Class<? extends OfOrder>> types) {
        RabbitAdmin admin = new RabbitAdmin(consuming);
        TopicExchange exchange = exchange(from);
        admin.declareExchange(exchange);
        admin.declareExchange(exchange(context));
        for (int partition = 0; partition < partitions; partition++) {
            Queue queue = QueueBuilder.durable(queueName(partition)).quorum().build();
            admin.declareQueue(queue);
            for (Class<?> type : types) {
                Binding binding = BindingBuilder.bind(queue).to(exchange).with(routingKey(type, partition));
                admin.declareBinding(binding);
            }
        }
    }

    /** Publishes the events of those types from now on. */
    void startPublishing(EventBus eventBus, Set<Class<? extends OfOrder>> published) {
        SpringAMQPPublisher bridge = new SpringAMQPPublisher(only(published, eventBus));
        bridge.setConnectionFactory(publishing);
        bridge.setExchangeName(exchange(context).getName());
        bridge.setMessageConverter(converter);
        bridge.setWaitForPublisherAck(true);
        bridge.setPublisherAckTimeout(PUBLISHER_ACK_TIMEOUT_MILLIS);
        bridge.afterPropertiesSet();
        bridge.start();
        publisher = bridge;
    }

    /** Reads from now on. */
    void startReading() {
        List<String> queues = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            queues.add(queueName(partition));
        }
        listener.setQueueNames(queues.toArray(String[]::new));
        listener.afterPropertiesSet();
        listener.start();
    }

    private String queueName(int partition) {
        return context + ".inbox." + partition;
    }

    private static TopicExchange exchange(String context) {
        return new TopicExchange(context + ".events", true, false);
    }

    private static String routingKey(Class<?> type, int partition) {
        return type.getSimpleName() + "." + partition;
    }

    private int partition(EventMessage<?> event) {
        return Math.floorMod(((OfOrder) event.getPayload()).orderId().hashCode(), partitions);
    }

    private static SubscribableMessageSource<EventMessage<?>> only(
            Set<Class<? extends OfOrder>> published, EventBus eventBus) {
        return processor -> eventBus.subscribe(events -> {
            List<EventMessage<?>> followed = new ArrayList<>();
            for (EventMessage<?> event : events) {
                if (published.contains(event.getPayloadType())) {
                    followed.add(event);
                }
            }
            if (!followed.isEmpty()) {
                processor.accept(followed);
            }
        });
    }

    @Override
    public void close() {
        listener.stop();
        listener.destroy();
        if (publisher != null) {
            publisher.shutDown();
        }
        consuming.destroy();
        publishing.destroy();
        consumers.shutdown();
    }
}
