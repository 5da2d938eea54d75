package io.farandole.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.CommandOutcome;
import io.farandole.rabbitmq.TopologySpec;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

class AsyncApiAutoConfigurationTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(AsyncApiAutoConfiguration.class));

    @Test
    void servesTheDocumentWhereItIsExposed() {
        inAContext()
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=asyncapi",
                        "farandole.asyncapi.title=Trips",
                        "farandole.asyncapi.version=3")
                .run(context -> {
                    String document = context.getBean(AsyncApiEndpoint.class).document();
                    assertThat(JsonMapper.shared()
                                    .readTree(document)
                                    .at("/info/title")
                                    .asString())
                            .isEqualTo("Trips");
                    assertThat(JsonMapper.shared()
                                    .readTree(document)
                                    .at("/info/version")
                                    .asString())
                            .isEqualTo("3");
                });
    }

    @Test
    void namesNoCommandThatIsNotTaken() {
        inAContext()
                .withBean(
                        AcceptedCommand.class,
                        () -> AcceptedCommand.of(
                                "trip.book-trip.v1", Map.class, request -> CommandOutcome.done(Map.of())))
                .withPropertyValues("management.endpoints.web.exposure.include=asyncapi")
                .run(context -> assertThat(
                                context.getBean(AsyncApiEndpoint.class).document())
                        .contains("\"asyncapi\"")
                        .doesNotContain("book-trip", "replies"));
    }

    @Test
    void servesNothingWhereItIsNotExposedOrThereIsNoBroker() {
        inAContext().run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AsyncApiEndpoint.class));
        runner.withPropertyValues("management.endpoints.web.exposure.include=asyncapi")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AsyncApiEndpoint.class));
    }

    private ApplicationContextRunner inAContext() {
        return runner.withBean(TopologySpec.class, () -> new TopologySpec("trip", Set.of(), Map.of()))
                .withBean(EventTypes.class, () -> EventTypes.builder().build());
    }
}
