package io.farandole.bench.peers.modulith.payment;

import io.farandole.bench.peers.modulith.order.OrderPlaced;
import io.farandole.bench.peers.modulith.stock.StockReserved;
import io.farandole.bench.peers.modulith.Topology;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.core.Declarables;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The payment context as an application of its own. */
@SpringBootApplication
public class PaymentApplication {

    @Bean
    Declarables topology() {
        return Topology.of("payment", Map.of("order", List.of(OrderPlaced.class), "stock", List.of(StockReserved.class)));
    }
}
