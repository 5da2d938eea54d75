package io.farandole.axon;

/** What a person decides about a process that is set aside. A stored name: do not rename. */
public enum Decision {

    /** The failed event is handled again at once, with all its attempts before it. */
    RETRY,

    /** The failed event is left out for this processor; what is queued behind it goes on. */
    SKIP,

    /** As {@link #SKIP}, for an event whose work a person has done by hand elsewhere. */
    RESOLVE,

    /**
     * The failed event and everything that is queued behind it at the moment of the decision are left out, by position: up to
     * {@link InterventionDecided#lastPosition()}. What is queued later is handled, in order.
     */
    DISCARD,

    /** The failed event is left out, and the handler compensates the process, in one transaction. See {@link Compensating}. */
    COMPENSATE
}
