package io.farandole.messaging.failpoint;

/**
 * Is told which {@link Failpoint}s a process passes, and may end the process there. For tests: it is found as a service ({@link
 * java.util.ServiceLoader}) by the class loader that loaded {@link Failpoint}, so only a class on the class path can switch
 * anything on, no property and no environment variable.
 */
@FunctionalInterface
public interface FailpointListener {

    /**
     * A failpoint is reached. Called on the thread that reaches it, often inside a transaction and from many threads at once: must
     * be thread-safe and quick. What it throws is met by the code at that place, as a failure there would be.
     */
    void reached(Failpoint failpoint);
}
