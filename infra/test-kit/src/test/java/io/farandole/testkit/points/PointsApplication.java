package io.farandole.testkit.points;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class PointsApplication {

    @Bean
    EventTypes eventTypes() {
        return EventTypes.builder()
                .event("order.order-confirmed", 1, OrderConfirmed.class, OrderConfirmed::orderId)
                .event("order.order-cancelled", 1, OrderCancelled.class, OrderCancelled::orderId)
                .build();
    }

    @Bean
    Followers followers() {
        return Followers.builder()
                .add(new EventType("order.order-confirmed", 1), List.of("points"))
                .add(new EventType("order.order-cancelled", 1), List.of("points"))
                .build();
    }
}
