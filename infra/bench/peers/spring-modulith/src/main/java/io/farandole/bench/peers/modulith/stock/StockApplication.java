package io.farandole.bench.peers.modulith.stock;

import io.farandole.bench.peers.modulith.order.OrderCancelled;
import io.farandole.bench.peers.modulith.order.OrderConfirmed;
import io.farandole.bench.peers.modulith.order.OrderPlaced;
import io.farandole.bench.peers.modulith.Topology;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.core.Declarables;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The stock context as an application of its own. */
@SpringBootApplication
public class StockApplication {

    @Bean
    Declarables topology() {
        return Topology.of("stock", Map.of("order", List.of(OrderPlaced.class, OrderConfirmed.class, OrderCancelled.class)));
    }
}
