package io.farandole.axon;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The processes that are set aside, in all event processors of this context and by whichever instance, and what a person may
 * do about them. Thread-safe; each call is one short transaction, or joins the caller's.
 *
 * <p>A decision is recorded, in the table {@code farandole.parked_decision} and as the event {@link InterventionDecided}, in the
 * transaction that accepts it. A worker of any instance carries it out in another one, in which the event leaves the queue:
 * after a crash at any point it is either recorded and going to be carried out, or wholly done.
 */
public interface ParkedProcesses {

    /** A page of those that are set aside, oldest first; the rows are light, without stack traces. */
    ParkedPage list(ParkedQuery query);

    /** One process; empty if it is not set aside in that processor. */
    Optional<ParkedProcess> find(String processor, String processKey);

    /** The stack trace of a process's latest failure, in full: may be large. Empty if it is not set aside in that processor. */
    Optional<String> stackTrace(String processor, String processKey);

    /**
     * What failed in the same way, the largest group first.
     *
     * @param processor of which processor; null for all
     * @param limit most groups, 1 or more
     */
    List<FailureGroup> groups(@Nullable String processor, int limit);

    /**
     * Decides about the failed event of a process, if it is still that event. Repeating a request that was accepted and has not been
     * tried yet changes nothing. A decision takes the place of one that has not been carried out.
     *
     * @throws IllegalStateException before Axon's configuration has been started, since the journal is not there yet; and in
     *     a unit of work without a transaction, since the decision and its event would not be committed together
     */
    InterventionAnswer intervene(Intervention intervention);

    /** What was decided about a process in a processor, newest first, the latest hundred; also after it has gone on. */
    List<ParkedDecision> decisions(String processor, String processKey);

    /** One decision; empty if there is none of that id. */
    Optional<ParkedDecision> decision(String decisionId);

    /**
     * Starts to retry a group, at a rate. Any running instance works on it, and another one goes on if that one ends. Each
     * member's retry is a decision of its own, by the same person for the same reason.
     *
     * @return the new one, or the one that is running for exactly this group already
     */
    GroupRetry retryGroup(GroupRetryRequest request);

    /**
     * Stops a group retry: no more members are requested from now on. What has been requested is carried out.
     *
     * @param by as in {@link Intervention}
     * @param reason as in {@link Intervention}
     * @return as it is now, ended; empty if there is none of that id
     */
    Optional<GroupRetry> cancelGroupRetry(String groupId, String by, String reason);

    /** How far a group retry has come; empty if there is none of that id. */
    Optional<GroupRetry> groupRetry(String groupId);

    /** The latest group retries, newest first. */
    List<GroupRetry> groupRetries(int limit);

    /** How many are set aside, for metrics and health. */
    Counts count();

    /**
     * How many are set aside.
     *
     * @param retrying processes that are retried by themselves, or about which a decision is going to be carried out
     * @param parked processes that wait for a person
     * @param waitingEvents in the queues of both
     */
    record Counts(long retrying, long parked, long waitingEvents) {}
}
