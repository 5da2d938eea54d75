package io.farandole.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonframework.config.DefaultConfigurer;
import org.axonframework.spring.config.SpringAxonConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class PhasesTest {

    /** A service that is killed finds work in its tables when it starts: there must be someone by then who handles its commands. */
    @Test
    void axonStartsFirstThenSagaWorkThenRelayAndListenerThenTheWebServer() {
        int axon = new SpringAxonConfiguration(DefaultConfigurer.defaultConfiguration(false)).getPhase();
        assertThat(axon).isLessThan(SagaWork.PHASE);
        assertThat(SagaWork.PHASE).isLessThan(TakingPart.PHASE);
        assertThat(TakingPart.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }
}
