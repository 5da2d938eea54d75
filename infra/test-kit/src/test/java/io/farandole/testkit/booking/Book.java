package io.farandole.testkit.booking;

/**
 * Books a seat.
 *
 * @param seat which one
 * @param failures so often its handler fails, after it has written
 * @param refused whether it is refused then, after it has written
 */
public record Book(String seat, int failures, boolean refused) {}
