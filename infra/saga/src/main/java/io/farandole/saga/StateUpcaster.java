package io.farandole.saga;

import tools.jackson.databind.node.ObjectNode;

/** Brings the stored state of a saga from an older version of its class to the present one. Pure. */
@FunctionalInterface
public interface StateUpcaster {

    /**
     * Changes the state's JSON.
     *
     * @param state as stored; may be changed in place
     * @param fromVersion under which it was stored, lower than the present one
     * @return the state as the present class reads it
     */
    ObjectNode upcast(ObjectNode state, int fromVersion);
}
