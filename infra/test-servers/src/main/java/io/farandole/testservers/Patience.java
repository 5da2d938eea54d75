package io.farandole.testservers;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test waits for what is to happen anyway: until it must be taken for hung. What takes a tenth of a second on an idle
 * machine takes many on one whose host gives its processors to others, and a test that gives up then tells nothing about the
 * program. A time that is promised to users is not meant here: whoever tests one states it, and why it is that long.
 */
public final class Patience {

    /** Seconds until something that does not happen is taken for hung; for calls that want a number and a unit. */
    public static final long SECONDS = 180;

    /** The same as a duration. */
    public static final Duration UNTIL_HUNG = Duration.ofSeconds(SECONDS);

    private Patience() {}

    /** Begins to wait, until {@link #UNTIL_HUNG} has passed; looks as often as Awaitility does by default. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(UNTIL_HUNG);
    }

    /**
     * Begins to wait as {@link #await()} does.
     *
     * @param what names it in the failure
     */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(UNTIL_HUNG);
    }
}
