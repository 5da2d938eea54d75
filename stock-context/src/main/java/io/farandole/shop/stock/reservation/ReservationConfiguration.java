package io.farandole.shop.stock.reservation;

import io.farandole.saga.barrier.Barrier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the framework's barrier in front of reservations. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ReservationSettings.class, WaitingListSettings.class})
class ReservationConfiguration {

    private static final String STEP = "reserve";

    @Bean
    ReservationGuard reservationGuard(Barrier barrier) {
        return new ReservationGuard() {
            @Override
            public Barrier.Forward forward(String orderId) {
                return barrier.forward(orderId, STEP);
            }

            @Override
            public Barrier.Compensation compensate(String orderId) {
                return barrier.compensate(orderId, STEP);
            }
        };
    }
}
