package io.farandole.testkit.ball;

/** Published by ping. */
public record BallServed(String game) {}
