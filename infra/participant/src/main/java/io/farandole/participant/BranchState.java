package io.farandole.participant;

/** Where a branch stands; the names are stored. */
enum BranchState {
    /** Reserved, and without an effect yet. */
    HELD,
    /** Its effect is there. */
    COMMITTED,
    /** Its commit was refused, without an effect. */
    REFUSED,
    /** Its effect is undone, or there was none. Final. */
    COMPENSATED,
    /** Its effect is there, and could not be undone so far. */
    COMPENSATION_REFUSED
}
