package io.farandole.saga;

import io.farandole.eventstore.RoundTrip;
import java.util.Set;

/** The sagas of one type, by process key, as the invoker asks for them within a unit of work. Thread-safe. */
interface Sagas<T> {

    /** Has the sagas of these processes loaded in a round trip with other questions, if they are where it goes. */
    void ask(Set<String> processKeys, RoundTrip first);

    /** Loads the sagas of these processes, as far as that has not been done. */
    void load(Set<String> processKeys);

    /** The saga of a process, loaded if it was not prepared; what a handler makes of it is kept with the unit of work. */
    KeyedSaga<T> of(String processKey);

    /** Whether there is a saga of the process that has not ended, as it is stored now. */
    boolean isActive(String processKey);
}
