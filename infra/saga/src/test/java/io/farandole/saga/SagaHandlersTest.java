package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.axon.Retries;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.annotation.ClasspathHandlerDefinition;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.Test;

class SagaHandlersTest {

    @Test
    void aStepsRetriesWinOverItsSagas() {
        SagaHandlers<Loan> handlers = handlers(Loan.class);
        assertThat(handlers.retryOf(event(new Asked("l")))).hasToString("3 attempts, each wait 1 s");
        assertThat(handlers.retryOf(event(new Granted("l")))).hasToString("7 attempts, each wait 1 s");
        assertThat(handlers.retryOf(event("something else"))).isNull();
    }

    @Test
    void aDeadlinesRetriesAreThoseOfItsHandler() {
        SagaHandlers<Loan> handlers = handlers(Loan.class);
        assertThat(handlers.retryOfDeadline("patience")).hasToString("2 attempts, each wait 1 s");
        assertThat(handlers.retryOfDeadline("other")).isNull();
    }

    @Test
    void aWrongSentenceNamesTheStep() {
        assertThatThrownBy(() -> handlers(Wrong.class))
                .hasMessageContaining(Wrong.class.getName() + ".on")
                .hasMessageContaining("expected \"first wait\" or \"each wait\"");
    }

    private static <T> SagaHandlers<T> handlers(Class<T> type) {
        return new SagaHandlers<>(
                type, ClasspathParameterResolverFactory.forClass(type), ClasspathHandlerDefinition.forClass(type));
    }

    private static EventMessage<?> event(Object payload) {
        return GenericEventMessage.asEventMessage(payload);
    }

    record Asked(String loan) {}

    record Granted(String loan) {}

    @Retries("7 attempts, each wait 1 s")
    static final class Loan {

        @StartSaga
        @SagaEventHandler(associationProperty = "loan")
        @Retries("3 attempts, each wait 1 s")
        void on(Asked event) {}

        @SagaEventHandler(associationProperty = "loan")
        void on(Granted event) {}

        @DeadlineHandler(deadlineName = "patience")
        @Retries("2 attempts, each wait 1 s")
        void patienceEnded() {}
    }

    static final class Wrong {

        @StartSaga
        @SagaEventHandler(associationProperty = "loan")
        @Retries("3 attempts, quickly")
        void on(Asked event) {}
    }
}
