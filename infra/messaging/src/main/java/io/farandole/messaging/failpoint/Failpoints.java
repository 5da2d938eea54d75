package io.farandole.messaging.failpoint;

import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the listener, once. */
final class Failpoints {

    /** In a final field, so that compiled code has neither a read nor a branch where there is none. */
    static final @Nullable FailpointListener LISTENER = find(FailpointListener.class.getClassLoader());

    private Failpoints() {}

    /** The listener that a class loader knows; null if there is none. */
    static @Nullable FailpointListener find(@Nullable ClassLoader loader) {
        Iterator<FailpointListener> found =
                ServiceLoader.load(FailpointListener.class, loader).iterator();
        if (!found.hasNext()) {
            return null;
        }
        FailpointListener listener = found.next();
        if (found.hasNext()) {
            throw new IllegalStateException("Two failpoint listeners are on the class path, "
                    + listener.getClass().getName() + " and "
                    + found.next().getClass().getName()
                    + ": leave one of them, and none in production");
        }
        Logger log = LoggerFactory.getLogger(Failpoints.class);
        log.warn(
                "{} is on the class path and may end this process at any failpoint: it is for tests only",
                listener.getClass().getName());
        return listener;
    }
}
