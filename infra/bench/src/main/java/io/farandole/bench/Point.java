package io.farandole.bench;

/**
 * A point of a curve.
 *
 * @param x to the right
 * @param y upwards
 */
public record Point(double x, double y) {}
