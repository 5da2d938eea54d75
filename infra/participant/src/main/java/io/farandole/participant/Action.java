package io.farandole.participant;

/** What a service does for a branch, in the transaction that the barrier has opened. */
@FunctionalInterface
public interface Action {

    /**
     * Acts, or undoes what was done.
     *
     * @return what is answered; anything but {@link Answer.Verdict#DONE} rolls back what was written
     * @throws Exception rolls everything back; nothing is remembered
     */
    Answer act() throws Exception;
}
