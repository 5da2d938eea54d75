package io.farandole.audit.state;

import io.farandole.messaging.EventTypes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** An aggregate with nested state, for random histories. */
class Basket {

    static final EventTypes TYPES = EventTypes.builder()
            .event("basket.opened", 1, Opened.class, Opened::basketId)
            .event("basket.put", 1, Put.class, Put::basketId)
            .event("basket.taken", 1, Taken.class, Taken::basketId)
            .event("basket.named", 1, Named.class, Named::basketId)
            .event("basket.thrown-away", 1, ThrownAway.class, ThrownAway::basketId)
            .build();

    record Opened(String basketId, String owner) {}

    record Put(String basketId, String item, int count) {}

    record Taken(String basketId, String item) {}

    record Named(String basketId, @Nullable String name) {}

    record ThrownAway(String basketId) {}

    record Open(@TargetAggregateIdentifier String basketId, String owner) {}

    record Apply(@TargetAggregateIdentifier String basketId, Object event) {}

    @AggregateIdentifier
    private @Nullable String basketId;

    private @Nullable String owner;
    private @Nullable String name;
    private int total;
    private final Map<String, Integer> items = new LinkedHashMap<>();

    Basket() {}

    @CommandHandler
    Basket(Open command) {
        AggregateLifecycle.apply(new Opened(command.basketId(), command.owner()));
    }

    @CommandHandler
    void handle(Apply command) {
        AggregateLifecycle.apply(command.event());
    }

    @EventSourcingHandler
    void on(Opened event) {
        basketId = event.basketId();
        owner = event.owner();
    }

    @EventSourcingHandler
    void on(Put event) {
        if (event.count() < 0) {
            throw new IllegalArgumentException("nobody puts " + event.count());
        }
        items.merge(event.item(), event.count(), Integer::sum);
        total += event.count();
    }

    @EventSourcingHandler
    void on(Taken event) {
        Integer count = items.remove(event.item());
        total -= count == null ? 0 : count;
    }

    @EventSourcingHandler
    void on(Named event) {
        name = event.name();
    }

    @EventSourcingHandler
    void on(ThrownAway event) {
        items.clear();
        total = 0;
        AggregateLifecycle.markDeleted();
    }

    String describe() {
        return basketId + " of " + owner + " (" + name + ", " + total + ")";
    }
}
