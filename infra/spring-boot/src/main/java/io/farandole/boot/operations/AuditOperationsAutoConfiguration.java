package io.farandole.boot.operations;

import io.farandole.audit.export.HistoryExports;
import io.farandole.audit.export.SubjectProcesses;
import io.farandole.audit.personal.Erasures;
import io.farandole.audit.personal.OwnKeys;
import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.audit.reconcile.Books;
import io.farandole.audit.reconcile.Exchanges;
import io.farandole.audit.recording.ProcessRecorder;
import io.farandole.audit.report.ProcessReports;
import io.farandole.audit.state.AggregateHistory;
import io.farandole.audit.whatif.LiveSagas;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.boot.audit.AuditAutoConfiguration;
import io.farandole.boot.audit.BackfillAutoConfiguration;
import io.farandole.boot.audit.Backfilling;
import io.farandole.boot.audit.DeployedSagas;
import io.farandole.boot.audit.ExportAutoConfiguration;
import io.farandole.boot.audit.PersonalAutoConfiguration;
import io.farandole.boot.audit.PersonalProperties;
import io.farandole.boot.audit.ProcessTimelines;
import io.farandole.boot.audit.RebuildAutoConfiguration;
import io.farandole.boot.audit.TimeTravelAutoConfiguration;
import io.farandole.boot.audit.WhatIfProperties;
import io.farandole.messaging.JsonCodec;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** The endpoints of the audit module, where they are exposed; who signs in for operations may use them. */
@AutoConfiguration(
        after = {
            AuditAutoConfiguration.class,
            PersonalAutoConfiguration.class,
            ExportAutoConfiguration.class,
            BackfillAutoConfiguration.class,
            RebuildAutoConfiguration.class,
            TimeTravelAutoConfiguration.class,
            OperationsAutoConfiguration.class
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({WebEndpoint.class, AggregateHistory.class})
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

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(Exchanges.class)
    ReconciliationEndpoint reconciliationEndpoint(Exchanges exchanges) {
        return new ReconciliationEndpoint(exchanges);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(Books.class)
    BooksEndpoint booksEndpoint(Books books) {
        return new BooksEndpoint(books);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(Backfilling.class)
    BackfillEndpoint backfillEndpoint(Backfilling backfilling) {
        return new BackfillEndpoint(backfilling);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(Rebuilds.class)
    RebuildEndpoint rebuildEndpoint(Rebuilds rebuilds) {
        return new RebuildEndpoint(rebuilds);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(AggregateHistory.class)
    AggregateStateEndpoint aggregateStateEndpoint(AggregateHistory history) {
        return new AggregateStateEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(AggregateHistory.class)
    AggregateDiffEndpoint aggregateDiffEndpoint(AggregateHistory history) {
        return new AggregateDiffEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(AggregateHistory.class)
    AggregateVersionsEndpoint aggregateVersionsEndpoint(AggregateHistory history) {
        return new AggregateVersionsEndpoint(history);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(WhatIf.class)
    WhatIfEndpoint whatIfEndpoint(WhatIf whatIf, LiveSagas live, DeployedSagas sagas, WhatIfProperties properties) {
        return new WhatIfEndpoint(whatIf, live, sagas, properties);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(ProcessRecorder.class)
    RecordedProcessEndpoint recordedProcessEndpoint(ProcessRecorder recorder, DeployedSagas sagas) {
        return new RecordedProcessEndpoint(recorder, sagas);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(Erasures.class)
    ErasureEndpoint erasureEndpoint(Erasures erasures) {
        return new ErasureEndpoint(erasures);
    }

    @Bean
    @ConditionalOnBean(OwnKeys.class)
    KeyGrants keyGrants(PersonalProperties properties) {
        return new KeyGrants(properties.grants());
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(OwnKeys.class)
    PersonalKeysEndpoint personalKeysEndpoint(OwnKeys keys) {
        return new PersonalKeysEndpoint(keys);
    }

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnBean(HistoryExports.class)
    BundleEndpoint bundleEndpoint(HistoryExports exports, ObjectProvider<SubjectProcesses> subjects, JsonCodec codec) {
        return new BundleEndpoint(exports, subjects.orderedStream().toList(), codec);
    }
}
