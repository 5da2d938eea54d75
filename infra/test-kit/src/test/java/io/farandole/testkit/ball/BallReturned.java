package io.farandole.testkit.ball;

/** Published by pong. */
public record BallReturned(String game) {}
