package io.farandole.shop.payment.publishing;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.PublishedLanguage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the published language into this context. */
@Configuration(proxyBeanMethods = false)
class PublishingConfiguration {

    @Bean
    static Publications paymentPublications() {
        return PaymentPublications.ALL;
    }

    @Bean
    static EventTypes publishedLanguage() {
        EventTypes.Builder types = EventTypes.builder();
        PublishedLanguage.ENTRIES.forEach(entry -> register(types, entry));
        return types.build();
    }

    @Bean
    static Followers publishedLanguageFollowers() {
        Followers.Builder followers = Followers.builder();
        PublishedLanguage.ENTRIES.forEach(
                entry -> followers.add(new EventType(entry.name(), entry.version()), entry.followers()));
        return followers.build();
    }

    private static <T extends Record> void register(EventTypes.Builder types, PublishedLanguage.Entry<T> entry) {
        types.event(entry.name(), entry.version(), entry.type(), entry.processKey());
    }
}
