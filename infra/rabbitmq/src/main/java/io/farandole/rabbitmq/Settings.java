package io.farandole.rabbitmq;

import java.time.Duration;

/** Checks shared by the settings. */
final class Settings {

    private Settings() {}

    static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, and is " + value);
        }
    }

    static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than zero, and is " + value);
        }
    }
}
