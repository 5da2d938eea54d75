package io.farandole.audit.reconcile;

/**
 * A received event that stands behind a later one of its process: the order in which the producer published was not kept.
 *
 * @param position in the producer's journal
 * @param eventId of the event
 * @param type the wire type
 * @param processKey of the process
 * @param after the producer's position of the event that stands before it, and should not
 */
public record Overtaken(long position, String eventId, String type, String processKey, long after) {}
