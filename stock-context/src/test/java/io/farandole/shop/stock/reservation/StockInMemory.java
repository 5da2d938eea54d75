package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.inventory.InventoryInMemory;
import io.farandole.shop.stock.inventory.QueueEvent.TurnCalled;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import io.farandole.shop.stock.inventory.StockEvent;
import io.farandole.shop.stock.inventory.StockLevel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.AnnotationCommandHandlerAdapter;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.modelling.command.Repository;

/** The whole stock context without servers: real aggregates and command handlers over a journal in memory. */
final class StockInMemory {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
    static final Duration HELD_FOR = Duration.ofMinutes(30);

    private final EventStore journal = EmbeddedEventStore.builder()
            .storageEngine(new InMemoryEventStorageEngine())
            .build();
    private final CommandBus bus = SimpleCommandBus.builder().build();
    private final List<Object> events = new ArrayList<>();
    final CommandGateway commands =
            DefaultCommandGateway.builder().commandBus(bus).build();

    private final WaitingOrdersInMemory waiting = new WaitingOrdersInMemory();
    private int turns;

    StockInMemory() {
        this(new WaitingListSettings(10_000, Duration.ofHours(1)));
    }

    StockInMemory(WaitingListSettings settings) {
        InventoryInMemory inventory = new InventoryInMemory(journal, bus);
        Repository<Reservation> reservations = EventSourcingRepository.builder(Reservation.class)
                .eventStore(journal)
                .build();
        WaitingList list = new WaitingList(reservations, inventory.inventory(), waiting, settings);
        new AnnotationCommandHandlerAdapter<>(list).subscribe(bus);
        new AnnotationCommandHandlerAdapter<>(new Reservations(reservations, inventory.inventory(), list))
                .subscribe(bus);
        new AnnotationCommandHandlerAdapter<>(
                        new Holds(reservations, inventory.inventory(), list, new ReservationSettings(HELD_FOR), CLOCK))
                .subscribe(bus);
        journal.subscribe(batch -> batch.stream()
                .map(EventMessage::getPayload)
                .map(Object.class::cast)
                .forEach(events::add));
    }

    /** Goods come in. */
    StockInMemory with(String productId, long quantity) {
        commands.sendAndWait(new ReceiveGoods(productId, quantity));
        return this;
    }

    /** Takes the turns that have been called, as the processor does; answers how many. */
    int takeTurns() {
        int taken = 0;
        while (turns < events.size()) {
            if (events.get(turns++) instanceof TurnCalled called) {
                commands.sendAndWait(new TakeTurn(called.productId()));
                taken++;
            }
        }
        return taken;
    }

    /** How many rows there are of orders that wait. */
    int waiting() {
        return waiting.size();
    }

    /** Everything that happened, in order. */
    List<Object> events() {
        return List.copyOf(events);
    }

    /** What happened to reservations. */
    List<ReservationEvent> reservationEvents() {
        return events.stream()
                .filter(ReservationEvent.class::isInstance)
                .map(ReservationEvent.class::cast)
                .toList();
    }

    /** How much there is of a product, by its events. */
    StockLevel level(String productId) {
        StockLevel level = StockLevel.NONE;
        for (Object event : events) {
            if (event instanceof StockEvent moved && moved.productId().equals(productId)) {
                level = level.after(moved);
            }
        }
        return level;
    }
}
