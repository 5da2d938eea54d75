package io.farandole.boot.alert;

import io.farandole.boot.ContextSettings;
import io.farandole.boot.SagaAutoConfiguration;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.alert.Alert;
import io.farandole.saga.alert.AlertObserver;
import io.farandole.saga.alert.AlertTold;
import io.farandole.saga.alert.Alerts;
import io.farandole.saga.alert.Webhook;
import io.farandole.saga.outside.OutsideCalls;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Alerts, where there are sagas. */
@AutoConfiguration(after = SagaAutoConfiguration.class)
@ConditionalOnBean(OutsideCalls.class)
@EnableConfigurationProperties(AlertProperties.class)
public class AlertAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(Alert.class);

    @Bean
    @ConditionalOnProperty("farandole.alerts.webhook-url")
    Webhook alertWebhook(AlertProperties properties, JsonCodec codec) {
        return new Webhook(Objects.requireNonNull(properties.webhookUrl()), codec);
    }

    @Bean
    Alerts alerts(
            ContextSettings context,
            DataSource dataSource,
            TransactionManager transactions,
            OutsideCalls calls,
            AlertProperties properties,
            ObjectProvider<AlertObserver> observer,
            ObjectProvider<MeterRegistry> meters) {
        MeterRegistry registry = meters.getIfAvailable();
        return new Alerts(
                Objects.requireNonNull(context.context()),
                dataSource,
                transactions,
                calls,
                properties.webhookUrl() == null ? null : properties.tellWithin(),
                observer.getIfAvailable(() -> alert -> tell(alert, registry)));
    }

    private static void tell(Alert alert, @Nullable MeterRegistry meters) {
        LOG.warn(
                "Alert {}: {} of process {} in {}: {}",
                alert.id(),
                alert.kind(),
                alert.processKey(),
                alert.place(),
                alert.detail());
        if (meters != null) {
            meters.counter("farandole.alerts", "kind", alert.kind()).increment();
        }
    }

    @Bean
    @ConditionalOnMissingBean
    AlertWatch alertWatch(Alerts alerts, AlertProperties properties, ObjectProvider<MeterRegistry> meters) {
        AlertWatch watch = new AlertWatch(alerts, properties);
        meters.ifAvailable(watch::register);
        return watch;
    }

    @Bean
    RecordsAlerts recordsAlerts(ObjectProvider<Alerts> alerts) {
        return new RecordsAlerts(alerts);
    }

    /** Records that the webhook was called, in the transaction that closes the call. */
    static class RecordsAlerts {

        private final ObjectProvider<Alerts> alerts;

        RecordsAlerts(ObjectProvider<Alerts> alerts) {
            this.alerts = alerts;
        }

        @CommandHandler
        void handle(AlertTold told) {
            alerts.getObject().told(told);
        }
    }
}
