package io.farandole.axon;

import io.farandole.axon.ParkedProcess.Status;
import io.farandole.axon.ParkingTable.Claim;
import io.farandole.axon.ParkingTable.Due;
import io.farandole.axon.ParkingTable.QueuedEvent;
import io.farandole.messaging.failpoint.Failpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries the processes that are set aside, when they are due: the first event of a queue in a transaction of its own, then the
 * next. Runs in every instance, on a few threads; a queue is worked on by one of them at a time (the row lock is the
 * owner), whichever instance owns the segment. It handles only for processors that are running in its instance.
 *
 * <p>After a failure it is recorded in a second transaction when the next attempt is due. If the process dies between the
 * two, the attempt does not count, and is repeated at once by whoever comes next.
 *
 * <p>What a person has decided is carried out in the place of a retry: same claim, same transaction, same failures ({@link
 * InterventionWork}). Retries of groups get their turns here too.
 */
final class RetryWorker {

    private static final Logger log = LoggerFactory.getLogger(RetryWorker.class);

    /** Looks this often even if nothing wakes it: other instances set processes aside too. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(10);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final ParkingTable parking;
    private final TransactionManager transactions;
    private final DecisionTable decisions;
    private final Interventions interventions;
    private final InterventionWork work;
    private final GroupRetries groups;
    private final int threads;
    private final Map<String, ParkingEventProcessor> processors = new ConcurrentHashMap<>();
    private final List<Thread> running = new ArrayList<>();
    private final Pause pause = new Pause();
    private final AtomicLong lastLook = new AtomicLong(System.nanoTime());

    RetryWorker(
            ParkingTable parking,
            TransactionManager transactions,
            DecisionTable decisions,
            Interventions interventions,
            InterventionWork work,
            GroupRetries groups,
            int threads) {
        this.parking = parking;
        this.transactions = transactions;
        this.decisions = decisions;
        this.interventions = interventions;
        this.work = work;
        this.groups = groups;
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
                    Due due = parking.nextDue(names);
                    boolean worked = Due.isNow(due.queue()) && retryOne(names);
                    if ((Due.isNow(due.group()) && stepGroup()) || worked) {
                        continue;
                    }
                    // Due, but another worker has it: it wakes nobody here when it is done, so look again soon.
                    sleep = until(due);
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

    private static Duration until(Due due) {
        long wait = Stream.of(due.queue(), due.group())
                .filter(Objects::nonNull)
                .mapToLong(each -> each)
                .min()
                .orElse(LONGEST_SLEEP.toMillis());
        return Duration.ofMillis(Math.max(SHORTEST_SLEEP.toMillis(), Math.min(wait, LONGEST_SLEEP.toMillis())));
    }

    /** What keeps a group from being retried must keep no process from it. */
    private boolean stepGroup() {
        try {
            return groups.step();
        } catch (RuntimeException e) {
            log.warn("Cannot go on with the retry of a group; trying again", e);
            return false;
        }
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
            attempt(claim, head, transaction);
            return true;
        }
        transaction.commit();
        boolean ended = claim != null && transactions.fetchInTransaction(() -> end(claim));
        if (ended) {
            Failpoint.QUEUE_END_COMMITTED.reached();
        }
        return ended;
    }

    private boolean end(Claim claim) {
        boolean ended = parking.end(claim.processor(), claim.processKey());
        if (ended) {
            Failpoint.QUEUE_END_WRITTEN.reached();
            log.info("Process {} goes on in processor {}", claim.processKey(), claim.processor());
        }
        return ended;
    }

    /** In the transaction that holds the claim; ends it. */
    private void attempt(Claim claim, QueuedEvent head, Transaction transaction) {
        ParkingEventProcessor processor = Objects.requireNonNull(processors.get(claim.processor()));
        List<TrackedEventMessage<?>> events = List.of();
        InterventionDecided decided = null;
        try {
            BatchAttempt attempt;
            boolean retry;
            try {
                decided = claim.decisionId() == null ? null : decisions.pending(claim.decisionId());
                retry = decided == null || decided.decision() == Decision.RETRY;
                if (decided != null && !retry) {
                    attempt = work.begin(decided, transaction);
                } else {
                    events = load(head);
                    attempt = BatchAttempt.begin(
                            new BatchingUnitOfWork<>(events), Segment.ROOT_SEGMENT, () -> transaction);
                }
            } catch (Exception | Error e) {
                transaction.rollback();
                throw e;
            }
            if (decided != null && !retry) {
                work.carryOut(attempt, claim, head, decided, processor);
            } else {
                handle(processor, attempt, events, claim, head, decided);
            }
        } catch (Exception | LinkageError | AssertionError | StackOverflowError thrown) {
            RetryPolicies retries = processor.parts().retries();
            record(
                    processor,
                    claim,
                    failure(head, events, decided, thrown),
                    retries.of(events.isEmpty() ? null : events.get(0)),
                    thrown);
        }
    }

    private List<TrackedEventMessage<?>> load(QueuedEvent head) {
        List<TrackedEventMessage<?>> events = work.load(head);
        if (events.isEmpty()) {
            throw new IllegalStateException("The event at position " + head.position()
                    + " cannot be read from the journal: is its type still registered in EventTypes?");
        }
        return events;
    }

    private void handle(
            ParkingEventProcessor processor,
            BatchAttempt attempt,
            List<TrackedEventMessage<?>> events,
            Claim claim,
            QueuedEvent head,
            @Nullable InterventionDecided decided)
            throws Exception {
        // Run last but for the commit itself: such hooks run in the opposite order.
        attempt.unitOfWork().onCommit(u -> Failpoint.RETRY_WRITTEN.reached());
        // The first hook of all: what is published later in this phase would be lost, once the events of the handlers
        // are written.
        attempt.unitOfWork().onPrepareCommit(u -> {
            parking.advance(claim, head.position());
            if (decided != null) {
                InterventionWork.requireAt(decided, head);
                interventions.applied(decided, 0);
            }
        });
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
        Failpoint.RETRY_COMMITTED.reached();
        if (attempt.hasHandled(events)) {
            processor.parts().brake().succeeded(attempt.began());
        }
    }

    private Failure failure(
            QueuedEvent head,
            List<? extends EventMessage<?>> events,
            @Nullable InterventionDecided decided,
            Throwable thrown) {
        boolean counts = FailureKind.of(thrown) == FailureKind.DEFECT;
        if (!events.isEmpty()) {
            return Failure.of(thrown, counts, head.position(), events.get(0));
        }
        return decided == null
                ? work.unreadable(thrown, counts, head.position())
                : Failure.of(thrown, counts, head.position(), decided.eventId(), decided.eventType());
    }

    /** Best effort: what cannot be recorded because the database is away does not count. Nor does a failure while all fail. */
    private void record(
            ParkingEventProcessor processor, Claim claim, Failure failure, RetryPolicy policy, Throwable thrown) {
        Failpoint.RETRY_FAILED.reached();
        Optional<Status> status = transactions.fetchInTransaction(() -> parking.failed(
                claim,
                failure.counts() && processor.parts().brake().isOnAnywhere() ? failure.uncounted() : failure,
                policy));
        Failpoint.RETRY_FAILURE_COMMITTED.reached();
        if (status.equals(Optional.of(Status.PARKED))) {
            log.error(
                    "Process {} is parked in processor {} after {} attempts at {} {}. Its later events queue behind it until a"
                            + " person decides about it (ParkedProcesses.intervene)",
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
