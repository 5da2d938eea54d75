package io.farandole.shop.payment.payroll.web;

import io.farandole.axon.Sequencing;
import io.farandole.boot.operations.OperatorsOnly;
import io.farandole.shop.payment.payroll.OnBanks;
import java.util.List;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** How the read models are written: accounts in the units of work of the commands, payrolls in the order of their processes. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnBanks.class)
class PayrollWebConfiguration {

    /** Decisions about money need a person with a name. */
    @Bean
    OperatorsOnly payrollDecisions() {
        return new OperatorsOnly(List.of("/payrolls/{globalId}/payments/{branch}/decisions"));
    }

    /** The row of a payroll gathers what the payroll, its payments and the company's account tell. */
    @Autowired
    void keepsPayrollsInOrder(EventProcessingConfigurer events) {
        events.registerSequencingPolicy(PayrollProjection.GROUP, configuration -> Sequencing.perProcess());
    }

    @Autowired
    void subscribe(EventProcessingConfigurer events) {
        String group = CompanyAccountProjection.GROUP;
        events.registerSubscribingEventProcessor(group)
                .registerListenerInvocationErrorHandler(group, configuration -> PropagatingErrorHandler.instance())
                .registerErrorHandler(group, configuration -> PropagatingErrorHandler.instance());
    }
}
