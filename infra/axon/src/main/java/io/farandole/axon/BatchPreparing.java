package io.farandole.axon;

import io.farandole.eventstore.RoundTrip;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;

/**
 * An event handler invoker that wants to see a whole batch before its first event is handled, such as one that loads
 * the state of all processes of the batch with one query.
 *
 * <p>The parking event processor calls {@link #prepare} once per attempt at a batch, inside the batch's unit of work
 * and transaction, after the events of parked processes have been taken out. Everything that was prepared belongs to that
 * unit of work: after a roll-back the batch is prepared again, in a new one. What is to be written at the end of the batch
 * goes into {@code CurrentUnitOfWork.get().onPrepareCommit(...)}; the token is written in the same transaction.
 *
 * <p>The retry worker runs a single event of a parked process through the same invoker, with a batch of that one event
 * and {@link Segment#ROOT_SEGMENT}: an invoker must not look at other instances' or other segments' state to decide
 * whether it owns a key.
 */
@FunctionalInterface
public interface BatchPreparing {

    /**
     * Adds what {@link #prepare} will want to know to the processor's first questions, so that it need not ask by itself. Called
     * in the batch's unit of work and transaction, at most once, and not before every {@link #prepare}; some of the events may turn out
     * to be of parked processes.
     *
     * @param batch as for {@link #prepare}, with events of parked processes
     * @param first executed soon afterwards; add only what belongs into its database
     */
    default void ask(List<? extends EventMessage<?>> batch, Segment segment, RoundTrip first) {}

    /**
     * Prepares for the events that are about to be handled.
     *
     * <p>An exception that concerns one process is thrown as {@link ProcessFailedException}: then only that process is set
     * aside. Any other exception makes the processor look for the culprit event by event.
     *
     * @param batch never empty, in the order in which the events will be handled
     * @param segment of the processor that is at work, or {@link Segment#ROOT_SEGMENT} for a retry
     */
    void prepare(List<? extends EventMessage<?>> batch, Segment segment) throws Exception;
}
