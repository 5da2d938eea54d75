package io.farandole.axon;

import java.util.Objects;

/**
 * Tells the parking event processor which process a failure belongs to, where that is not the event being handled: thrown
 * by an invoker from {@link BatchPreparing#prepare} or from a hook at commit that writes the state of many processes.
 * The cause is what is recorded, and what decides whether the failure counts towards parking.
 */
public final class ProcessFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String processKey;

    /** A failure of one process. */
    public ProcessFailedException(String processKey, Throwable cause) {
        super("Process " + processKey + " failed: " + cause, Objects.requireNonNull(cause, "cause"));
        this.processKey = Objects.requireNonNull(processKey, "processKey");
    }

    /** The process that failed. */
    public String processKey() {
        return processKey;
    }

    /** What happened. */
    public Throwable failure() {
        return Objects.requireNonNull(getCause());
    }
}
