package io.farandole.axon;

/**
 * An event handler invoker that wants to know what a person has decided to leave out ({@link Decision#SKIP}, {@link
 * Decision#RESOLVE}, {@link Decision#DISCARD}), for example to note it in a process's step log.
 *
 * <p>Called by a retry worker, in the unit of work and transaction in which the event leaves the queue, with the
 * processor's interceptors around it; the unit's message is the {@link InterventionDecided}. What is thrown rolls all of it back,
 * counts as a failed attempt at the decision, and the decision is tried again as a retry would be. The process's row is
 * locked meanwhile: no other worker is at the same process. Must be thread-safe.
 */
@FunctionalInterface
public interface InterventionAware {

    /**
     * An event is left out. Of a discarded queue, called for one event after the other in order; for one that cannot be read, called of every
     * invoker, otherwise only of those that would have handled it.
     *
     * @param decided what was decided, by whom and why
     */
    void leftOut(InterventionDecided decided, LeftOutEvent event) throws Exception;
}
