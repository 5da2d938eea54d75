package io.farandole.audit.whatif;

/** When the deadlines pass that a replayed saga has set. */
public enum Deadlines {

    /**
     * Where the journal says that one of the name passed, and never else: what a replay of the version that was live needs to come to the
     * same.
     */
    RECORDED,

    /**
     * Also, where the journal knows of none that it could be, as soon as an event of the process is later than it is due: for a version that
     * sets others than the one that was live.
     */
    BY_TIME
}
