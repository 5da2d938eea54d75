package io.farandole.shop.stock.inventory;

import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;

/** The inventory over a journal in memory, for tests. */
public final class InventoryInMemory {

    private final Inventory inventory;

    /** Subscribes the products' command handlers. */
    public InventoryInMemory(EventStore journal, CommandBus bus) {
        EventSourcingRepository<StockItem> items = EventSourcingRepository.builder(StockItem.class)
                .eventStore(journal)
                .build();
        AggregateAnnotationCommandHandler.<StockItem>builder()
                .aggregateType(StockItem.class)
                .repository(items)
                .build()
                .subscribe(bus);
        inventory = new Inventory(items);
    }

    /** The inventory. */
    public Inventory inventory() {
        return inventory;
    }
}
