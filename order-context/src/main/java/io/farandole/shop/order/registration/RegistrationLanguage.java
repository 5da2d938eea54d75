package io.farandole.shop.order.registration;

import io.farandole.messaging.EventTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stored names of a customer's events, also where no mail is sent any more: they are in the journal. None is published. */
@Configuration(proxyBeanMethods = false)
class RegistrationLanguage {

    @Bean
    static EventTypes registrationEvents() {
        return EventTypes.builder()
                .event(
                        "order.customer-registered",
                        1,
                        CustomerEvent.CustomerRegistered.class,
                        CustomerEvent::customerId)
                .event("order.email-corrected", 1, CustomerEvent.EmailCorrected.class, CustomerEvent::customerId)
                .event(
                        "order.welcome-mail-requested",
                        1,
                        CustomerEvent.WelcomeMailRequested.class,
                        CustomerEvent::customerId)
                .event("order.welcome-mail-sent", 1, CustomerEvent.WelcomeMailSent.class, CustomerEvent::customerId)
                .event("order.welcome-mail-failed", 1, CustomerEvent.WelcomeMailFailed.class, CustomerEvent::customerId)
                .event(
                        "order.welcome-mail-dropped",
                        1,
                        CustomerEvent.WelcomeMailDropped.class,
                        CustomerEvent::customerId)
                .build();
    }
}
