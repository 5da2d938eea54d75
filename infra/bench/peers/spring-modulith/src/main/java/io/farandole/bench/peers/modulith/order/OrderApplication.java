package io.farandole.bench.peers.modulith.order;

import io.farandole.bench.peers.modulith.payment.PaymentCaptured;
import io.farandole.bench.peers.modulith.payment.PaymentDeclined;
import io.farandole.bench.peers.modulith.stock.StockReservationRejected;
import io.farandole.bench.peers.modulith.Topology;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.core.Declarables;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The order context as an application of its own. */
@SpringBootApplication
public class OrderApplication {

    @Bean
    Declarables topology() {
        return Topology.of("order", Map.of("payment", List.of(PaymentCaptured.class, PaymentDeclined.class), "stock", List.of(StockReservationRejected.class)));
    }
}
