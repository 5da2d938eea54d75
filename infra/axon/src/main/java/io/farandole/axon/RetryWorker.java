package io.farandole.axon;

import io.farandole.axon.ParkedProcess.Status;
import io.farandole.axon.ParkingTable.Claim;
import io.farandole.axon.ParkingTable.QueuedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries the processes that are set aside, when they are due: the first event of a queue in a transaction of its own, then the
 * next. Runs in every instance, on a few threads; a queue is worked on by one of them at a time (the row lock is the
 * owner), whichever instance owns the segment. It handles only for processors that are running in its instance.
 *
 * <p>After a failure it is recorded in a second transaction when the next attempt is due. If the process dies between the
 * two, the attempt does not count, and is repeated at once by whoever comes next.
 */
final class RetryWorker {

    private static final Logger log = LoggerFactory.getLogger(RetryWorker.class);

    /** Looks this often even if nothing wakes it: other instances set processes aside too. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(10);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final ParkingTable parking;
    private final TransactionManager transactions;
    private final EventsAt journal;
    private final int threads;
    private final Map<String, ParkingEventProcessor> processors = new ConcurrentHashMap<>();
    private final List<Thread> running = new ArrayList<>();
    private final Pause pause = new Pause();
    private final AtomicLong lastLook = new AtomicLong(System.nanoTime());

    RetryWorker(ParkingTable parking, TransactionManager transactions, EventsAt journal, int threads) {
        this.parking = parking;
        this.transactions = transactions;
        this.journal = journal;
        this.threads = threads;
    }

    void register(ParkingEventProcessor processor) {
        processors.put(processor.getName(), processor);
    }

    /** Something may have become due earlier than expected. */
    void wake() {
        pause.wake();
    }

    synchronized void start() {
        if (running.isEmpty()) {
            pause.reopen();
            for (int i = 1; i <= threads; i++) {
                Thread thread = new Thread(this::run, "farandole-retry-" + i);
                running.add(thread);
                thread.start();
            }
        }
    }

    /** Stops after the events that are being handled; bounded. */
    synchronized void stop() {
        pause.end();
        for (Thread thread : running) {
            try {
                thread.join(STOP_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                log.warn("{} is still handling an event after {}; interrupting it", thread.getName(), STOP_WITHIN);
                thread.interrupt();
            }
        }
        running.clear();
    }

    private void run() {
        while (!pause.isEnded()) {
            Duration sleep = LONGEST_SLEEP;
            try {
                lookAfterSegments();
                Set<String> names = runningProcessors();
                if (!names.isEmpty()) {
                    sleep = untilNextDue(names);
                    if (sleep.isZero()) {
                        if (retryOne(names)) {
                            continue;
                        }
                        // Due, but another worker has it. It wakes nobody here when it is done, so look again soon.
                        sleep = SHORTEST_SLEEP;
                    }
                }
            } catch (Throwable e) {
                // Whatever it is, the thread lives on: nobody else would retry.
                log.warn("Cannot retry processes that are set aside; trying again in {}", sleep, e);
            }
            if (pause.isEndedWhileAwaitingWork(sleep)) {
                return;
            }
        }
    }

    /** Once per second, by one of the threads. */
    private void lookAfterSegments() {
        long now = System.nanoTime();
        long last = lastLook.get();
        if (now - last >= LONGEST_SLEEP.toNanos() && lastLook.compareAndSet(last, now)) {
            processors.values().stream()
                    .filter(ParkingEventProcessor::isRunning)
                    .forEach(ParkingEventProcessor::reclaim);
        }
    }

    private Set<String> runningProcessors() {
        return processors.values().stream()
                .filter(ParkingEventProcessor::isRunning)
                .map(ParkingEventProcessor::getName)
                .collect(Collectors.toSet());
    }

    /** Zero if something is due now. */
    private Duration untilNextDue(Set<String> names) {
        OptionalLong due = parking.untilNextDue(names);
        return due.isEmpty() || due.getAsLong() > LONGEST_SLEEP.toMillis()
                ? LONGEST_SLEEP
                : Duration.ofMillis(Math.max(0, due.getAsLong()));
    }

    /** @return whether there was something to do, so that there may be more */
    private boolean retryOne(Set<String> names) throws Exception {
        Transaction transaction = transactions.startTransaction();
        Optional<Claim> due;
        try {
            due = parking.claimDue(names);
        } catch (Exception | Error e) {
            transaction.rollback();
            throw e;
        }
        Claim claim = due.orElse(null);
        QueuedEvent head = claim == null ? null : claim.head();
        if (claim != null && head != null) {
            retry(claim, head, transaction);
            return true;
        }
        transaction.commit();
        return claim != null && transactions.fetchInTransaction(() -> end(claim));
    }

    private boolean end(Claim claim) {
        boolean ended = parking.end(claim.processor(), claim.processKey());
        if (ended) {
            log.info("Process {} goes on in processor {}", claim.processKey(), claim.processor());
        }
        return ended;
    }

    /** In the transaction that holds the claim; ends it. */
    private void retry(Claim claim, QueuedEvent head, Transaction transaction) {
        ParkingEventProcessor processor = Objects.requireNonNull(processors.get(claim.processor()));
        List<TrackedEventMessage<?>> events = List.of();
        try {
            BatchAttempt attempt;
            try {
                events = load(head);
                attempt = BatchAttempt.begin(new BatchingUnitOfWork<>(events), Segment.ROOT_SEGMENT, () -> transaction);
            } catch (Exception | Error e) {
                transaction.rollback();
                throw e;
            }
            handle(processor, attempt, events, claim, head);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError thrown) {
            record(claim, head, events, thrown, processor.parts().retries());
        }
    }

    private void handle(
            ParkingEventProcessor processor,
            BatchAttempt attempt,
            List<TrackedEventMessage<?>> events,
            Claim claim,
            QueuedEvent head)
            throws Exception {
        attempt.unitOfWork().onPrepareCommit(u -> parking.advance(claim, head.position()));
        try {
            // What a newer version of the context has no handler for any more leaves the queue without one.
            List<TrackedEventMessage<?>> handled = events.stream()
                    .filter(event -> processor.parts().invoker().canHandle(event, Segment.ROOT_SEGMENT))
                    .toList();
            events.stream().filter(event -> !handled.contains(event)).forEach(attempt::passOver);
            if (!handled.isEmpty()) {
                processor.prepare(handled, Segment.ROOT_SEGMENT);
            }
        } catch (Exception | Error e) {
            attempt.unitOfWork().rollback(e);
            throw e;
        }
        processor.handle(attempt, events, Segment.ROOT_SEGMENT);
    }

    private List<TrackedEventMessage<?>> load(QueuedEvent head) {
        List<TrackedEventMessage<?>> events = journal.position(head.position());
        if (events.isEmpty()) {
            throw new IllegalStateException("The event at position " + head.position()
                    + " cannot be read from the journal: is its type still registered in EventTypes?");
        }
        if (!head.replayed()) {
            return events;
        }
        GlobalSequenceTrackingToken position = new GlobalSequenceTrackingToken(head.position());
        return events.stream()
                .<TrackedEventMessage<?>>map(
                        event -> event.withTrackingToken(ReplayToken.createReplayToken(position, position)))
                .toList();
    }

    /** Best effort: what cannot be recorded because the database is away does not count. */
    private void record(
            Claim claim,
            QueuedEvent head,
            List<? extends EventMessage<?>> events,
            Throwable thrown,
            RetryPolicies retries) {
        boolean counts = FailureKind.of(thrown) == FailureKind.DEFECT;
        Failure failure = events.isEmpty()
                ? Failure.of(thrown, counts, head.position(), "unknown", "unknown")
                : Failure.of(thrown, counts, head.position(), events.get(0));
        RetryPolicy policy = retries.of(events.isEmpty() ? null : events.get(0));
        Optional<Status> status = transactions.fetchInTransaction(() -> parking.failed(claim, failure, policy));
        if (status.equals(Optional.of(Status.PARKED))) {
            log.error(
                    "Process {} is parked in processor {} after {} attempts at {} {}. Its later events queue behind it until a"
                            + " person retries it (ParkedProcesses.retry)",
                    claim.processKey(),
                    claim.processor(),
                    policy.attempts(),
                    failure.eventType(),
                    failure.eventId(),
                    thrown);
        } else {
            log.debug("Process {} failed again in processor {}", claim.processKey(), claim.processor(), thrown);
        }
    }
}
