package io.farandole.axon;

/** An event handler invoker that can undo what a process has done so far ({@link Decision#COMPENSATE}). Must be thread-safe. */
public interface Compensating {

    /**
     * Whether there is something to compensate with. Asked when a person decides, in that transaction and perhaps without a
     * unit of work, and again before {@link #compensate}; changes nothing.
     */
    boolean canCompensate(String processKey);

    /**
     * Compensates a process, or begins to, in the unit of work and transaction in which the failed event leaves the queue; see
     * {@link InterventionAware} for threads and what an exception does. Called at most once in effect per decision, and not if
     * {@link #canCompensate} says no then.
     *
     * @param decided what was decided, by whom and why
     * @param failed the event that is left out
     */
    void compensate(InterventionDecided decided, LeftOutEvent failed) throws Exception;
}
