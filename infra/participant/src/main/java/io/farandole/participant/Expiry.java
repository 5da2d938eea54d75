package io.farandole.participant;

/** What lets go of a branch that was held for too long, in the transaction that the barrier has opened. */
@FunctionalInterface
public interface Expiry {

    /**
     * Undoes the hold, as a compensation does.
     *
     * @return anything but {@link Answer.Verdict#DONE} leaves it as it is
     * @throws Exception leaves it as it is
     */
    Answer letGo(Branch branch) throws Exception;
}
