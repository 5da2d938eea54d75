package io.farandole.audit.reconcile;

/**
 * What the events of a range of the producer's positions add up to. Two sides that hold the same events, in whatever order, have the
 * same digest; it tells accidents, and is no protection against somebody who makes two different ranges agree.
 *
 * @param from the range begins after this position
 * @param to and ends with this one
 * @param events how many there are
 * @param digest sum of the events' own digests, over position, id, type, process key and body
 */
public record RangeDigest(long from, long to, long events, String digest) {}
