package io.farandole.shop.order.registration;

import io.farandole.axon.ParkedProcesses;
import io.farandole.boot.OutsideCallProperties;
import io.farandole.messaging.PersonalData;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCalls;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires registration, where there is a mail server. */
@Configuration(proxyBeanMethods = false)
@WhereMailIsSent
@EnableConfigurationProperties(RegistrationSettings.class)
class RegistrationConfiguration {

    /** What is shown of customers, which can be made again from the journal. */
    static final String CUSTOMERS = "customers";

    /** Which address is whose, which cannot: the journal holds no digests. */
    static final String CLAIMS = "email-claims";

    /** Both write in the transaction of the command, or it fails. */
    @Autowired
    void subscribe(EventProcessingConfigurer events) {
        for (String group : List.of(CUSTOMERS, CLAIMS)) {
            events.registerSubscribingEventProcessor(group)
                    .registerListenerInvocationErrorHandler(group, configuration -> PropagatingErrorHandler.instance())
                    .registerErrorHandler(group, configuration -> PropagatingErrorHandler.instance());
        }
    }

    @Bean
    ClaimKey claimKey(RegistrationSettings settings, PersonalData personal) {
        if (!personal.canSeal()) {
            throw new IllegalStateException(
                    "spring.mail.host is set, and farandole.personal.master-key is not: addresses and"
                            + " names of customers are kept sealed, or not at all");
        }
        return ClaimKey.parse(settings.claimKey());
    }

    @Bean
    Mailer mailer(JavaMailSenderImpl server, RegistrationSettings settings, OutsideCallProperties calls) {
        MailServerSettings.apply(server, settings.mail(), calls);
        EmailAddress from = sender(settings.mail().from());
        String domain = settings.mail().messageIdDomain();
        return new SmtpMailer(server, from.text(), domain == null ? from.domain() : domain);
    }

    private static EmailAddress sender(@Nullable String from) {
        if (from == null || from.isBlank()) {
            throw new IllegalStateException(
                    "spring.mail.host is set, and shop.registration.mail.from is not: it is the address that welcome mails come from");
        }
        try {
            return EmailAddress.parse(from);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("shop.registration.mail.from is no address: it " + e.getMessage(), e);
        }
    }

    @Bean
    WelcomeMails welcomeMails(ObjectProvider<OutsideCalls> calls) {
        return new OutsideWelcomeMails(call -> calls.getObject().request(call));
    }

    @Bean
    OutsideCallHandler<?, ?> welcomeMailHandler(CustomerViews customers, PersonalData personal, Mailer mailer) {
        return new WelcomeMailHandler(customers, personal, mailer);
    }

    @Bean
    OperatorDecisions operatorDecisions(ParkedProcesses parked) {
        return new OperatorDecisions(parked);
    }

    @Bean
    WelcomeMailCheck welcomeMailCheck(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            WelcomeMails mails,
            OperatorDecisions decisions,
            RegistrationSettings settings,
            ObjectProvider<MeterRegistry> meters) {
        return new WelcomeMailCheck(
                jdbc,
                new TransactionTemplate(transactions),
                mails,
                decisions,
                settings.check(),
                meters.getIfAvailable());
    }
}
