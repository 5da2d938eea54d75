package io.farandole.boot;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventTypes;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** A processor in which everything fails shows in health and metrics, and goes on by itself. */
class BrakeIsVisibleIT {

    record Sent(String letter) {}

    @ProcessingGroup("post")
    static class Post {

        final AtomicBoolean closed = new AtomicBoolean(true);

        @EventHandler
        void on(Sent event) {
            if (closed.get()) {
                throw new UnsupportedOperationException("the post is closed: " + event.letter());
            }
        }
    }

    @EnableAutoConfiguration
    static class PostContext {

        @Bean
        Post post() {
            return new Post();
        }

        @Bean
        EventTypes types() {
            return EventTypes.builder()
                    .event("post.sent", 1, Sent.class, Sent::letter)
                    .build();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    @Test
    void showsInHealthAndMetricsUntilOneGetsThrough() {
        try (TestDatabase database = PostgresServer.shared().createDatabase("brake_visible");
                ConfigurableApplicationContext context = start(database)) {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(braked(meters)).isZero();
            assertThat(state(context)).startsWith("running").doesNotContain("braked");

            EventGateway events = context.getBean(EventGateway.class);
            for (int letter = 0; letter < 20; letter++) {
                events.publish(new Sent("letter-" + letter));
            }
            await().until(() -> braked(meters) == 1);
            assertThat(state(context))
                    .contains("braked since ")
                    .endsWith(" by " + UnsupportedOperationException.class.getName());

            context.getBean(Post.class).closed.set(false);
            await().until(() -> braked(meters) == 0);
            await().until(() -> !state(context).contains("braked"));
        }
    }

    private static double braked(MeterRegistry meters) {
        return meters.get("farandole.processor.braked")
                .tag("processor", "post")
                .gauge()
                .value();
    }

    private static String state(ConfigurableApplicationContext context) {
        Health health = context.getBean(ProcessorHealth.class).health();
        return health.getDetails().get("processors") instanceof Map<?, ?> processors
                ? String.valueOf(processors.get("post"))
                : "none";
    }

    private static ConfigurableApplicationContext start(TestDatabase database) {
        return new SpringApplicationBuilder(PostContext.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(
                        "--farandole.context=post",
                        "--farandole.rabbitmq.enabled=false",
                        "--farandole.processors.brake-wait=200ms",
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + database.appUser(),
                        "--spring.datasource.password=" + database.appPassword(),
                        "--farandole.migration.user=" + database.migratorUser(),
                        "--farandole.migration.password=" + database.migratorPassword(),
                        "--farandole.migration.role=" + database.ownerRole(),
                        "--spring.main.banner-mode=off");
    }
}
