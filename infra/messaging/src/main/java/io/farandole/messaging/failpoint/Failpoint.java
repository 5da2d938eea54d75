package io.farandole.messaging.failpoint;

import org.jspecify.annotations.Nullable;

/**
 * A moment at which a process may die with some effects durable and others not. {@code WRITTEN}: in a transaction that is about to
 * commit, so nothing of it is durable; {@code COMMITTED}: right after.
 *
 * <p>{@link #reached} does nothing unless a {@link FailpointListener} is on the class path, which is for tests, and then compiles to
 * nothing: no allocation, no read, no branch.
 *
 * <p>Not here: what only tidies up or can be worked out again, such as snapshots and the forgetting of what is old.
 */
public enum Failpoint {

    // Receiving. The append is one statement and its own transaction: there is no moment between the two.

    /** Nothing is durable but the queue: the broker delivers the batch again. */
    LISTENER_RECEIVED,
    /** The batch is in the inbox, and still in the queue: it is delivered again, and each event is known as a duplicate. */
    LISTENER_COMMITTED,
    /** What is no event is in {@code <context>.unhandled}, and still in the queue: it is delivered and set aside once more. */
    LISTENER_SET_ASIDE,
    /** The acknowledgement may have reached the broker or not: if not, all is delivered again, as duplicates. */
    LISTENER_ACKNOWLEDGED,

    // Publishing.

    /** Events were read from the outbox: they are read again, after the saved position. */
    RELAY_READ,
    /** An event may have reached the broker or not: it is published again, under the same id. */
    RELAY_PUBLISHED,
    /** The broker has confirmed, the position is not saved: what lies behind the saved one is published again. */
    RELAY_CONFIRMED,
    /** The position is saved: the next relay goes on behind it. */
    RELAY_SAVED,

    // The end of a unit of work: events, sagas, token, deadlines and outside calls go in one round trip and one
    // transaction.

    /** The last statements are about to be sent, nothing is durable: whoever caused the unit of work does it again. */
    UNIT_WRITING,
    /** They have been executed, nothing is durable: whoever caused the unit of work does it again. */
    UNIT_WRITTEN,
    /** All of it is durable: nothing of it is done again. */
    UNIT_COMMITTED,
    /** Sagas are written, with nothing durable: their events are handled again, with the sagas as they were. */
    SAGAS_WRITTEN,

    // Event processors.

    /** A batch is about to be handled: another instance, or this one, handles it once the claim has run out. */
    BATCH_READ,
    /** All handlers of a batch have run, nothing is durable: the batch is handled again. */
    BATCH_HANDLED,
    /** Effects and token are durable: the next batch begins behind it. */
    BATCH_COMMITTED,
    /** A process is set aside and its events are queued, nothing is durable: it fails and is set aside again. */
    PARKING_WRITTEN,
    /** Queue and token are durable: the queued events are retried from the queue, in order. */
    PARKING_COMMITTED,

    // Retries, and what a person decides.

    /** The first event of a queue was handled and taken out, nothing is durable: it is retried again. */
    RETRY_WRITTEN,
    /** It is out of the queue for good: the next one follows, or the end of the queue. */
    RETRY_COMMITTED,
    /** A retry has failed and rolled back, and is not recorded: the attempt does not count, and is made again at once. */
    RETRY_FAILED,
    /** The failure is recorded: the next attempt is due later, or the process waits for a person. */
    RETRY_FAILURE_COMMITTED,
    /** An empty queue is deleted, nothing is durable: a worker finds it empty again. */
    QUEUE_END_WRITTEN,
    /** The process is free: its events are handled by the processor again. */
    QUEUE_END_COMMITTED,
    /** A decision is recorded, nothing is durable: the person was told nothing, and decides again. */
    DECISION_WRITTEN,
    /** The decision is durable, the person may not have been told: a worker carries it out; deciding again is answered so. */
    DECISION_COMMITTED,
    /** A decision is carried out, nothing is durable: it is carried out again. */
    INTERVENTION_WRITTEN,
    /** It has been carried out for good: the next event of the queue follows. */
    INTERVENTION_COMMITTED,
    /** A turn of a group's retry has decided about some processes, nothing is durable: the turn is taken again. */
    GROUP_RETRY_WRITTEN,
    /** The turn is durable: the next one begins behind it. */
    GROUP_RETRY_COMMITTED,

    // Deadlines.

    /** A deadline is found due and picked, which another instance notices as dead by its missing heartbeats: it is picked again. */
    DEADLINES_DUE,
    /** The deadlines' events are appended and their rows deleted, nothing is durable: they are found due again. */
    DEADLINES_WRITTEN,
    /** They have passed for good: their sagas hear of it from the journal. */
    DEADLINES_COMMITTED,

    // Outside calls.

    /** The claim is durable, the call is not made: it is made when the lease has run out. */
    OUTSIDE_CALL_CLAIMED,
    /** The other side has done what it was asked for, we know nothing: it is asked again, under the same key. */
    OUTSIDE_CALL_ANSWERED,
    /** That the outcome is unknown is durable: the call is made again after its back-off, under the same key. */
    OUTSIDE_CALL_POSTPONED,
    /** A result and its command's events are written, nothing is durable: the call is made again, under the same key. */
    OUTSIDE_RESULT_WRITTEN,
    /** The result is recorded: the call is over. */
    OUTSIDE_RESULT_COMMITTED,

    // Alerts.

    /** Alerts are raised and their calls requested, nothing is durable: they are raised again. */
    ALERT_WRITTEN,
    /** They are raised for good: the calls tell of them, but the log and the counter may not. */
    ALERT_COMMITTED,

    // Commands over AMQP.

    /** A delivery batch of commands is stored, and still in the queue: it is delivered again, and each is known as a repetition. */
    COMMANDS_STORED,
    /** Effects and answers are written, nothing is durable: the commands are carried out again. */
    COMMANDS_WRITTEN,
    /** Both are durable, nobody was told: the replies are queued, and are sent. */
    COMMANDS_COMMITTED,
    /** A reply may have reached the broker or not: it is sent again, under the same id. */
    REPLY_PUBLISHED,
    /** The broker has confirmed replies, which are still queued: they are sent again, under the same id. */
    REPLIES_CONFIRMED,
    /** They are out of the queue: the next ones follow. */
    REPLIES_SETTLED,

    // Commands over HTTP.

    /** Effects and remembered answer are written, nothing is durable: the client asks again, and it happens then. */
    POST_WRITTEN,
    /** Both are durable, the answer is not sent: the client asks again, and is given the remembered answer. */
    POST_COMMITTED;

    /**
     * Tells that the current thread is at this moment. Does nothing without a listener.
     *
     * @throws RuntimeException whatever the listener throws
     */
    public void reached() {
        @Nullable FailpointListener listener = Failpoints.LISTENER;
        if (listener != null) {
            listener.reached(this);
        }
    }
}
