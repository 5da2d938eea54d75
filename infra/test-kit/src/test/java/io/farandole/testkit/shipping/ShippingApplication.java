package io.farandole.testkit.shipping;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class ShippingApplication {

    public static void main(String[] args) {
        SpringApplication.run(ShippingApplication.class, args);
    }

    @Bean
    EventTypes eventTypes() {
        return EventTypes.builder()
                .event("order.order-confirmed", 1, OrderConfirmed.class, OrderConfirmed::orderId)
                .event("shipping.parcel-announced", 1, ParcelAnnounced.class, ParcelAnnounced::orderId)
                .event("shipping.parcel-prepared", 1, Parcel.ParcelPrepared.class)
                .build();
    }

    @Bean
    Followers followers() {
        return Followers.builder()
                .add(new EventType("order.order-confirmed", 1), List.of("shipping"))
                .add(new EventType("shipping.parcel-announced", 1), List.of())
                .build();
    }

    @Bean
    Publications publications() {
        return Publications.builder()
                .publish(Parcel.ParcelPrepared.class, prepared -> new ParcelAnnounced(prepared.orderId()))
                .build();
    }
}
