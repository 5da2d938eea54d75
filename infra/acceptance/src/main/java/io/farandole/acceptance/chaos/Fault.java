package io.farandole.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What can happen to the shop. Each belongs to one of two lanes, which run beside each other. */
enum Fault {
    /** One instance is killed, and started again after a while. */
    KILL_INSTANCE(Lane.PROCESSES, Target.INSTANCE, 0, 6),
    /** Both instances of a context are killed at once. */
    KILL_CONTEXT(Lane.PROCESSES, Target.CONTEXT, 0, 5),
    /** An instance is frozen and wakes up, often after its claims and leases have run out and another has its work. */
    FREEZE_INSTANCE(Lane.PROCESSES, Target.INSTANCE, 2, 30),
    KILL_BROKER(Lane.PROCESSES, Target.NONE, 0, 10),
    FREEZE_BROKER(Lane.PROCESSES, Target.NONE, 2, 15),
    KILL_DATABASES(Lane.PROCESSES, Target.NONE, 0, 8),
    FREEZE_DATABASES(Lane.PROCESSES, Target.NONE, 2, 12),
    /** The payment provider does not answer: outcomes are unknown for a while. */
    FREEZE_PROVIDER(Lane.PROCESSES, Target.NONE, 2, 15),

    /** An instance's connections to the broker, or to its database, are reset, once or again and again. */
    CUT(Lane.NETWORK, Target.WAY, 0, 4),
    /** They are reset as soon as some more bytes have passed one way: in the middle of a frame or a message. */
    CUT_IN_TRANSIT(Lane.NETWORK, Target.WAY, 5, 10),
    /** Nothing is lost, all of it is late. */
    DELAY(Lane.NETWORK, Target.WAY, 3, 15),
    /** What is sent one way vanishes, and nobody is told, until the connections are reset. */
    HALF_OPEN(Lane.NETWORK, Target.WAY, 3, 20),
    /** No connection is to be had. */
    REFUSE(Lane.NETWORK, Target.WAY, 3, 12),
    TERMINATE_SESSIONS(Lane.NETWORK, Target.CONTEXT, 0, 3),
    /** A context may not write to its exchange any more. */
    REVOKE_PERMISSION(Lane.NETWORK, Target.CONTEXT, 3, 10),
    /** One follower is bound to one type no more; for longer than may remain unseen by the relay, which compares bindings every other second. */
    REMOVE_BINDING(Lane.NETWORK, Target.BINDING, 8, 16),
    /** Messages that are no events, in a context's name. */
    POISON(Lane.NETWORK, Target.CONTEXT, 0, 1);

    /** Two faults at once at most: one of each lane. */
    enum Lane {
        PROCESSES,
        NETWORK
    }

    /** What a fault is done to. */
    enum Target {
        NONE,
        CONTEXT,
        INSTANCE,
        /** An instance and a server: {@code stock-2 to the broker}. */
        WAY,
        /** A type and one of its followers. */
        BINDING
    }

    private final Lane lane;
    private final Target target;
    private final int shortest;
    private final int longest;

    Fault(Lane lane, Target target, int shortest, int longest) {
        this.lane = lane;
        this.target = target;
        this.shortest = shortest;
        this.longest = longest;
    }

    Target target() {
        return target;
    }

    /** How long it lasts, in milliseconds. */
    long drawDuration(Random random) {
        return shortest * 1000L + random.nextInt((longest - shortest) * 1000 + 1);
    }

    /** As it is told: {@code kill instance}. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    static List<Fault> of(Lane lane) {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : values()) {
            if (fault.lane == lane) {
                faults.add(fault);
            }
        }
        return faults;
    }
}
