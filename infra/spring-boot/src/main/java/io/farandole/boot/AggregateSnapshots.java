package io.farandole.boot;

import io.farandole.eventstore.RegistrySerializer;

/**
 * Registers the aggregates of which snapshots may be taken. Declare it as a bean; an aggregate that is not registered is
 * always loaded from its events.
 */
@FunctionalInterface
public interface AggregateSnapshots {

    /** Registers them: {@code builder.aggregate("order.order", 1, Order.class)}. */
    void register(RegistrySerializer.Builder builder);
}
