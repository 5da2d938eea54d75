package io.farandole.boot.audit;

import io.farandole.audit.reconcile.Books;
import io.farandole.audit.reconcile.Exchanges;
import io.farandole.audit.reconcile.Ledger;
import io.farandole.audit.report.ProcessReports;
import io.farandole.audit.timeline.ProcessHistories;
import io.farandole.boot.status.OtherContexts;
import io.farandole.boot.status.ProcessOverviews;
import io.farandole.boot.status.ProcessStatusAutoConfiguration;
import io.farandole.eventstore.Journal;
import io.farandole.messaging.Followers;
import io.farandole.messaging.JsonCodec;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the journal answers, as beans; {@code io.farandole.boot.operations} offers them over HTTP. */
@AutoConfiguration(after = ProcessStatusAutoConfiguration.class)
@ConditionalOnClass(ProcessHistories.class)
@ConditionalOnBean({Journal.class, ProcessOverviews.class})
@EnableConfigurationProperties(LedgerProperties.class)
public class AuditAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ProcessHistories processHistories(Journal journal, DataSource dataSource, JsonCodec codec) {
        return new ProcessHistories(journal.context(), dataSource, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessReports processReports(DataSource dataSource) {
        return new ProcessReports(dataSource);
    }

    @Bean
    @ConditionalOnMissingBean
    Exchanges exchanges(Journal journal, DataSource dataSource, ObjectProvider<Followers> followers) {
        return new Exchanges(
                journal.context(), Followers.merge(followers.orderedStream().toList()), dataSource);
    }

    /** Of the ledgers that are beans, and of those that settings name. */
    @Bean
    @ConditionalOnMissingBean
    Books books(LedgerProperties properties, ObjectProvider<Ledger> beans, DataSource dataSource) {
        return new Books(
                Stream.concat(
                                beans.orderedStream(),
                                properties.ledgers().entrySet().stream()
                                        .map(it -> it.getValue().ledger(it.getKey())))
                        .toList(),
                dataSource);
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessTimelines processTimelines(ProcessHistories own, ProcessOverviews overviews, OtherContexts others) {
        return new ProcessTimelines(own, overviews, others);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static class Endpoints {

        @Bean
        @ConditionalOnAvailableEndpoint(HistoryEndpoint.class)
        HistoryEndpoint historyEndpoint(ProcessHistories histories) {
            return new HistoryEndpoint(histories);
        }
    }
}
