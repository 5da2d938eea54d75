package io.farandole.bench;

import java.util.List;

/** A run whose invariants do not hold: its figures mean nothing. */
public final class VoidRunException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says whose run it was and what is wrong. */
    public VoidRunException(String contender, List<?> faults) {
        super("The run of " + contender + " is void: " + faults);
    }

    /** Throws if there are any faults. */
    public static void ifAny(String contender, List<?> faults) {
        if (!faults.isEmpty()) {
            throw new VoidRunException(contender, faults);
        }
    }
}
