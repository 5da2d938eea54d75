package io.farandole.boot.operations;

import io.farandole.audit.report.ProcessReports;
import io.farandole.boot.audit.AuditAutoConfiguration;
import io.farandole.boot.audit.ProcessTimelines;
import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The endpoints for auditors, where they are exposed; who signs in for operations may use them. */
@AutoConfiguration(after = {AuditAutoConfiguration.class, OperationsAutoConfiguration.class})
@ConditionalOnClass(name = "io.farandole.audit.timeline.Timeline")
@ConditionalOnBean(SignIn.class)
public class AuditOperationsAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(ProcessTimelines.class)
    TimelineEndpoint timelineEndpoint(ProcessTimelines timelines) {
        return new TimelineEndpoint(timelines);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(ProcessReports.class)
    ReportEndpoint reportEndpoint(ProcessReports reports, Clock clock) {
        return new ReportEndpoint(reports, clock);
    }
}
