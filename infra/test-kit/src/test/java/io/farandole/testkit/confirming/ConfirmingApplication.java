package io.farandole.testkit.confirming;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class ConfirmingApplication {

    @Bean
    EventTypes eventTypes() {
        return EventTypes.builder()
                .event("order.order-confirmed", 1, OrderConfirmed.class, OrderConfirmed::orderId)
                .event("order.confirmation-given", 1, Confirmation.Given.class)
                .build();
    }

    @Bean
    Followers followers() {
        return Followers.builder()
                .add(new EventType("order.order-confirmed", 1), List.of("shipping"))
                .build();
    }

    @Bean
    Publications publications() {
        return Publications.builder()
                .publish(Confirmation.Given.class, given -> new OrderConfirmed(given.orderId(), Money.zero("EUR")))
                .build();
    }
}
