package io.farandole.bench.peers.modulith;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

/**
 * Sends externalised events to RabbitMQ. It is what spring-modulith-events-amqp configures, which this peer can't have in this
 * version, with one difference: a publication is complete when the broker has confirmed it, not when it was written.
 */
@Configuration(proxyBeanMethods = false)
class AmqpExternalization {

    private static final int THREADS = 16;

    @Bean
    MessageConverter messageConverter() {
        return new JacksonJsonMessageConverter(
                "io.farandole.bench.peers.modulith.order", "io.farandole.bench.peers.modulith.stock", "io.farandole.bench.peers.modulith.payment");
    }

    @Bean
    EventExternalizerModuleListener eventExternalizer(
            EventExternalizationConfiguration configuration,
            RabbitTemplate rabbit) {
        ExecutorService confirms = Executors.newFixedThreadPool(THREADS, AmqpExternalization::daemon);
        return new EventExternalizerModuleListener(configuration, (payload, target) -> {
            CorrelationData correlation = new CorrelationData();
            rabbit.convertAndSend(target.getTarget(), String.valueOf(target.getKey()), payload, correlation);
            return confirmed(correlation, confirms);
        });
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "confirms");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * On a pool of its own: the registry writes to the database, which the connection's thread mustn't wait for, and the
     * application's task executor is where those wait that have sent.
     */
    private static CompletableFuture<Void> confirmed(CorrelationData correlation, Executor executor) {
        return correlation.getFuture().thenAcceptAsync(confirm -> {
            if (!confirm.ack()) {
                throw new IllegalStateException("The broker has refused an event: " + confirm.reason());
            }
        }, executor);
    }

    @Bean
    Inbox inbox(JdbcTemplate jdbc) {
        return new Inbox(jdbc);
    }
}
