package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryPoliciesTest {

    private static final Configuration CONFIGURATION =
            DefaultConfigurer.defaultConfiguration(false).buildConfiguration();

    @Test
    void theMethodWinsOverItsClassAndTheClassOverTheSettings() {
        RetryPolicies policies = policies(null, new Annotated());
        assertThat(policies.of(GenericEventMessage.asEventMessage("text"))).hasToString("3 attempts, each wait 1 s");
        assertThat(policies.of(GenericEventMessage.asEventMessage(7))).hasToString("4 attempts, each wait 1 s");
        assertThat(policies.of(GenericEventMessage.asEventMessage(7L))).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(policies.of(null)).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(policies(null, new Plain()).of(GenericEventMessage.asEventMessage("text")))
                .isEqualTo(RetryPolicy.DEFAULT);
    }

    @Test
    void theOperatorHasTheLastWord() {
        RetryPolicy operators = RetryPolicy.of("2 attempts, each wait 5 s");
        RetryPolicies policies = policies(operators, new Annotated());
        assertThat(policies.of(GenericEventMessage.asEventMessage("text"))).isEqualTo(operators);
        assertThat(policies.of(null)).isEqualTo(operators);
    }

    @Test
    void aSubclassInheritsFromItsClass() {
        assertThat(policies(null, new Annotated() {}).of(GenericEventMessage.asEventMessage(7)))
                .hasToString("4 attempts, each wait 1 s");
    }

    @Test
    void ofSeveralHandlersOfAnEventTheMostAttemptsCount() {
        RetryPolicies policies = policies(null, new Annotated(), new Patient(), new Plain());
        assertThat(policies.of(GenericEventMessage.asEventMessage("text"))).hasToString("9 attempts, each wait 1 s");
    }

    @Test
    void aWrongSentenceNamesClassAndMethod() {
        assertThatThrownBy(() -> policies(null, new WrongMethod()))
                .hasMessageContaining(WrongMethod.class.getName() + ".on")
                .hasMessageContaining("expected \"attempts\"");
        assertThatThrownBy(() -> policies(null, new WrongClass()))
                .hasMessageContaining(WrongClass.class.getName())
                .hasMessageContaining("expected");
    }

    @Test
    void aMethodThatHandlesNothingIsRefused() {
        assertThatThrownBy(() -> policies(null, new NoHandler()))
                .hasMessageContaining(NoHandler.class.getName() + ".later")
                .hasMessageContaining("handles no event");
    }

    private static RetryPolicies policies(@Nullable RetryPolicy operators, Object... handlers) {
        List<EventHandlerInvoker> invokers = Arrays.stream(handlers)
                .<EventHandlerInvoker>map(handler -> SimpleEventHandlerInvoker.builder()
                        .eventHandlers(handler)
                        .build())
                .toList();
        return RetryPolicies.of(new MultiEventHandlerInvoker(invokers), CONFIGURATION, operators, RetryPolicy.DEFAULT);
    }

    @Retries("4 attempts, each wait 1 s")
    static class Annotated {

        @EventHandler
        @Retries("3 attempts, each wait 1 s")
        void on(String event) {}

        @EventHandler
        void on(Integer event) {}
    }

    @Retries("9 attempts, each wait 1 s")
    static final class Patient {

        @EventHandler
        void on(String event) {}
    }

    static final class Plain {

        @EventHandler
        void on(String event) {}
    }

    static final class WrongMethod {

        @EventHandler
        @Retries("3 times")
        void on(String event) {}
    }

    @Retries("")
    static final class WrongClass {

        @EventHandler
        void on(String event) {}
    }

    static final class NoHandler {

        @EventHandler
        void on(String event) {}

        @Retries("3 attempts, each wait 1 s")
        void later() {}
    }
}
