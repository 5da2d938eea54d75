package io.farandole.shop.order.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import io.farandole.shop.order.ordering.Line;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** A coordinator is there as a whole, or not at all. */
class CoordinationSettingsTest {

    private static final String PREFIX = "shop.order.coordination.";

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(SwitchedOn.class);

    @Test
    void isOffUnlessSomethingIsSet() {
        runner.run(context -> assertThat(context).doesNotHaveBean(CoordinationSettings.class));
    }

    @Test
    void isOnWithBothAddresses() {
        runner.withPropertyValues(PREFIX + "stock-url=http://stock:8082", PREFIX + "payment-url=https://payment")
                .run(context -> assertThat(context).hasSingleBean(CoordinationSettings.class));
    }

    @ParameterizedTest
    @CsvSource({
        "stock-url=http://stock:8082, payment-url",
        "payment-url=http://payment:8083, stock-url",
        "time-limit=1m, stock-url"
    })
    void namesWhatIsMissing(String given, String missing) {
        runner.withPropertyValues(PREFIX + given).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining(PREFIX + missing + " must be an http or https address"));
    }

    @Test
    void namesWhatIsNotPositive() {
        runner.withPropertyValues(
                        PREFIX + "stock-url=http://stock:8082",
                        PREFIX + "payment-url=http://payment:8083",
                        PREFIX + "time-limit=0s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(PREFIX + "time-limit must be positive"));
    }

    @Test
    void noTextHoldsTheToken() {
        Money price = new Money(990, "EUR");
        assertThat(List.of(
                        new CoordinationBegun("o", "c", List.of(new Line("p", 1, price)), price, "tok_secret"),
                        new CoordinationCommand.BeginCoordination("o", "c", "tok_secret", List.of()),
                        new ParticipantRequest("o", List.of(), price, "tok_secret")))
                .allSatisfy(it -> assertThat(it.toString()).doesNotContain("tok_secret"));
    }

    @Configuration(proxyBeanMethods = false)
    @Coordinated
    @EnableConfigurationProperties(CoordinationSettings.class)
    static class SwitchedOn {}
}
