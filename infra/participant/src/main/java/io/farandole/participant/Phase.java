package io.farandole.participant;

import org.jspecify.annotations.Nullable;

/** What of a branch a request asks for. */
public enum Phase {
    /** All of it at once. */
    WHOLE("COMMITTED"),
    /** That it be held: reserved, without an effect for anybody else yet. */
    TRY("HELD"),
    /** That what is held take effect. */
    CONFIRM("COMMITTED");

    private final String done;

    Phase(String done) {
        this.done = done;
    }

    /** What is answered when it is done: {@code HELD} or {@code COMMITTED}. */
    public String done() {
        return done;
    }

    /** The phase of that name on the wire, {@code try} or {@code confirm}; the whole for everything else. */
    public static Phase of(@Nullable String name) {
        if ("try".equals(name)) {
            return TRY;
        }
        return "confirm".equals(name) ? CONFIRM : WHOLE;
    }
}
