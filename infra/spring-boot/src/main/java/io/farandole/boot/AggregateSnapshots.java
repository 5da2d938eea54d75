package io.farandole.boot;

/**
 * Allows snapshots of an aggregate to be taken and read. Declare one as a bean per aggregate; an aggregate without is always
 * loaded from its events. Raise the version when the meaning of the aggregate's fields changes: older snapshots are then
 * ignored.
 *
 * @param name under which its snapshots are stored, {@code stock.stock-item}; keep it stable
 * @param version of its fields, 1 or more
 * @param aggregate its class; written by its fields, needs a constructor without parameters
 */
public record AggregateSnapshots(String name, int version, Class<?> aggregate) {}
