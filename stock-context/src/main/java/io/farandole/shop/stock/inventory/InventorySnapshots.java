package io.farandole.shop.stock.inventory;

import io.farandole.boot.AggregateSnapshots;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A product's history grows with every order; its snapshot does not. */
@Configuration(proxyBeanMethods = false)
class InventorySnapshots {

    /** A load reads one snapshot and at most so many events. */
    private static final int EVENTS = 100;

    @Bean
    SnapshotTriggerDefinition stockItemSnapshots(Snapshotter snapshotter) {
        return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS);
    }

    @Bean
    AggregateSnapshots stockItemSnapshotType() {
        return new AggregateSnapshots("stock.stock-item", 1, StockItem.class);
    }
}
