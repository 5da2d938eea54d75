package io.farandole.boot.operations;

import io.farandole.audit.recording.ProcessRecorder;
import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.whatif.LiveSagas;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.boot.audit.DeployedSagas;
import io.farandole.boot.audit.TimeTravelAutoConfiguration;
import io.farandole.boot.audit.WhatIfProperties;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** The endpoints that ask about the past, where they are exposed. */
@AutoConfiguration(after = {OperationsAutoConfiguration.class, TimeTravelAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({WebEndpoint.class, AggregateHistory.class})
@ConditionalOnBean({SignIn.class, AggregateHistory.class})
public class TimeTravelOperationsAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    AggregateStateEndpoint aggregateStateEndpoint(AggregateHistory history) {
        return new AggregateStateEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    AggregateDiffEndpoint aggregateDiffEndpoint(AggregateHistory history) {
        return new AggregateDiffEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    AggregateVersionsEndpoint aggregateVersionsEndpoint(AggregateHistory history) {
        return new AggregateVersionsEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    WhatIfEndpoint whatIfEndpoint(WhatIf whatIf, LiveSagas live, DeployedSagas sagas, WhatIfProperties properties) {
        return new WhatIfEndpoint(whatIf, live, sagas, properties);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    RecordedProcessEndpoint recordedProcessEndpoint(ProcessRecorder recorder, DeployedSagas sagas) {
        return new RecordedProcessEndpoint(recorder, sagas);
    }
}
