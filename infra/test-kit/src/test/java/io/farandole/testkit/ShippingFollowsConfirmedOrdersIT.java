package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testkit.confirming.Confirmation;
import io.farandole.testkit.confirming.ConfirmingApplication;
import io.farandole.testkit.shipping.ShippingApplication;
import org.junit.jupiter.api.Test;

class ShippingFollowsConfirmedOrdersIT {

    @Test
    void announcesAParcelForAConfirmedOrder() {
        try (Dance dance = Dance.of(
                Dancer.of("order", ConfirmingApplication.class).with("spring.main.web-application-type", "none"),
                Dancer.of("shipping", ShippingApplication.class)
                        .following("order.order-confirmed.v1")
                        .with("spring.main.web-application-type", "none"))) {
            dance.context("order").send(new Confirmation.Confirm("o-1"));

            JournalLine announced = dance.context("shipping").awaitPublished("shipping.parcel-announced.v1", "o-1");
            assertThat(announced.payload()).isEqualTo("{\"orderId\":\"o-1\"}");
        }
    }
}
