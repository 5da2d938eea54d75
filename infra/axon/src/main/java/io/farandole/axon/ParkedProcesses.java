package io.farandole.axon;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The processes that are set aside, in all event processors of this context and by whichever instance. Thread-safe;
 * each call is one short transaction, or joins the caller's.
 */
public interface ParkedProcesses {

    /** All of a status, oldest failure first. */
    List<ParkedProcess> list(ParkedProcess.Status status, int limit);

    /** All of one processor (of every processor if null), any status, oldest failure first. */
    List<ParkedProcess> list(@Nullable String processor, int limit);

    /** One process; empty if it is not set aside in that processor. */
    Optional<ParkedProcess> find(String processor, String processKey);

    /**
     * Lets a process be tried again at once, with all its attempts before it. The queue is worked off in order. The
     * decision is recorded.
     *
     * @param by who decided
     * @param reason why; not blank
     * @return false if the process is not set aside (any more) in that processor
     */
    boolean retry(String processor, String processKey, String by, String reason);

    /** How many are set aside, for metrics and health. */
    Counts count();

    /**
     * How many are set aside.
     *
     * @param retrying processes that are retried by themselves
     * @param parked processes that wait for a person
     * @param waitingEvents in the queues of both
     */
    record Counts(long retrying, long parked, long waitingEvents) {}
}
