package io.farandole.axon;

import io.farandole.eventstore.RoundTrip;
import io.farandole.messaging.DutyCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventProcessingException;
import org.axonframework.eventhandling.EventProcessorSpanFactory;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.DefaultInterceptorChain;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.monitoring.MessageMonitor;
import org.jspecify.annotations.Nullable;

/**
 * A pooled streaming processor that sets a failing process aside and goes on with all others.
 *
 * <p>What a process is, {@link Sequencing} says: of sagas the process key, of other handlers the key of the sequencing policy.
 *
 * <p>The rule, per processor and process: <em>the process's events are, in the order of their positions, first those that
 * have been handled, then those that are queued in {@code parked_event}, then those behind the segment's token; and a row of
 * {@code parked_process} exists while any is queued.</em> Every transaction keeps it:
 *
 * <ul>
 *   <li><b>A batch</b> ({@link BatchRun}): holds ({@code for key share}) the rows of those of its processes that are set
 *       aside, queues their events, handles the others, and moves the token, all in one transaction. Held rows cannot be
 *       deleted before the batch ends, so nothing is queued to a process that has just been freed. No row means that all
 *       earlier events of the process are handled and committed, so handling the next one keeps the order. Only the segment's owner
 *       makes rows, and two owners cannot both commit: the token is written only by its owner, and only if it
 *       has not reached the batch's first event already ({@link BatchTokens}).
 *   <li><b>A batch while everything fails</b> ({@link Probes}): the same with other words: it sets several processes aside and queues their
 *       events, if it handles one other event.
 *   <li><b>A retry</b> ({@link RetryWorker}): locks the process's row ({@code for no key update}, {@code skip locked}:
 *       one worker of all instances), handles the first queued event and takes it out of the queue in the same
 *       transaction. It does not matter who owns the segment: the owner only adds at the queue's other end.
 *   <li><b>A person's decision</b> ({@link Interventions}): under the same lock as a retry, so while no worker is at the process, and only if the
 *       event that the person saw is still the first in the queue. It changes nothing but the row: a worker carries it out like
 *       a retry, and what it leaves out ({@link InterventionWork}) leaves the queue as what is handled does. A discarded queue is
 *       left out up to the position that was its last when it was decided, which the decision names.
 *   <li><b>The end of a queue</b> ({@link ParkingTable#end}): deletes the row under {@code for update}, after seeing,
 *       later than the lock, that nothing is queued.
 * </ul>
 *
 * <p>Hence, at a crash at any point, either a transaction's effects, its token or queue entry, and its own events are all
 * there, or none is and it is done again. An answer to COMMIT that was lost is asked for: a batch is repeated only after the
 * stored token has shown that it was not committed. A segment that moves takes nothing along: queues belong to no segment.
 *
 * <p>An event is blamed only if it failed alone in a transaction of its own: a batch that fails is divided (see {@link
 * BatchRun}), since an exception may well surface at another event than the one that caused it (a pending write that is
 * flushed later, a constraint that is checked at commit).
 *
 * <p>Error handler and roll-back configuration are fixed: whatever is thrown rolls back and gets here. Handlers must not
 * swallow exceptions of commands or SQL; {@link FarandoleModule} makes them propagate.
 */
final class ParkingEventProcessor extends PooledStreamingEventProcessor {

    private static final Duration BURST = Duration.ofMillis(20);
    private static final Duration LONGEST_REST = Duration.ofMillis(50);

    private final Parts parts;
    private final Pause pause = new Pause();
    private final Reclaims reclaims = new Reclaims();
    private final Bookmarks bookmarks;

    private final HandledAhead ahead = new HandledAhead();
    private final Map<Integer, DutyCycle> duties = new ConcurrentHashMap<>();

    /** Segments with a batch under way, even if their work package has been given up. */
    private final Map<Integer, Integer> busy = new ConcurrentHashMap<>();

    /**
     * What a processor is made of. {@code source} goes at the processor's pace, {@code journal} as fast as it is asked. The executors are shut down by whoever
     * made them.
     */
    record Parts(
            String name,
            EventHandlerInvoker invoker,
            Function<EventMessage<?>, String> keys,
            StreamableMessageSource<TrackedEventMessage<?>> source,
            StreamableMessageSource<TrackedEventMessage<?>> journal,
            TokenStore tokens,
            TransactionManager transactions,
            ParkingTable parking,
            SharedBrake brake,
            ProcessorSettings settings,
            RetryPolicies retries,
            TrackingStart start,
            ScheduledExecutorService coordinator,
            ScheduledExecutorService workers,
            MessageMonitor<? super EventMessage<?>> monitor,
            @Nullable EventProcessorSpanFactory spans,
            Progress progress,
            LongSupplier head,
            Runnable onParked) {}

    /** Whether it has a handler for events of a class. */
    boolean hears(Class<?> payloadType) {
        return parts.invoker().canHandleType(payloadType);
    }

    ParkingEventProcessor(Parts parts) {
        super(builder(parts));
        this.parts = parts;
        this.bookmarks = new Bookmarks(parts.settings().claimExtension(), System.nanoTime());
        parts.progress().follow(this::processingStatus);
        // The first interceptor is the outermost: it sees what any other throws, and can leave an event out.
        registerHandlerInterceptor(ParkingEventProcessor::intercept);
    }

    private static Builder builder(Parts parts) {
        ProcessorSettings settings = parts.settings();
        Builder builder = PooledStreamingEventProcessor.builder()
                .name(parts.name())
                .eventHandlerInvoker(parts.invoker())
                .messageSource(parts.source())
                .tokenStore(parts.tokens())
                .transactionManager(new DeferredTransactions(parts.transactions()))
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(PropagatingErrorHandler.instance())
                .messageMonitor(parts.monitor())
                .coordinatorExecutor(parts.coordinator())
                .workerExecutor(parts.workers())
                .initialSegmentCount(settings.segments())
                .initialToken(source -> parts.start().token(source))
                .batchSize(settings.batchSize())
                .tokenClaimInterval(settings.tokenClaimInterval().toMillis())
                .claimExtensionThreshold(settings.claimExtension().toMillis())
                // A batch may outlast the claim: its own thread cannot extend it, the coordinator can.
                .enableCoordinatorClaimExtension();
        return parts.spans() == null ? builder : builder.spanFactory(parts.spans());
    }

    private static @Nullable Object intercept(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain)
            throws Exception {
        BatchAttempt attempt = BatchAttempt.of(unitOfWork);
        EventMessage<?> event = unitOfWork.getMessage();
        if (attempt == null) {
            return chain.proceed();
        }
        if (attempt.isPassedOver(event)) {
            return null;
        }
        try {
            return chain.proceed();
        } catch (Throwable thrown) {
            attempt.failed(event, thrown);
            throw thrown;
        }
    }

    /** Also an event of a type that nobody handles, if it is wanted as a bookmark. */
    @Override
    protected boolean canHandleType(Class<?> payloadType) {
        return super.canHandleType(payloadType) || bookmarks.isAnyDue(System.nanoTime());
    }

    /** Also an event that this segment does not handle, if it is wanted as a bookmark; {@link BatchRun} leaves it out. */
    @Override
    protected boolean canHandle(EventMessage<?> event, Segment segment) throws Exception {
        return super.canHandle(event, segment) || bookmarks.take(segment.getSegmentId(), System.nanoTime());
    }

    /** What a batch's token covers has been committed. */
    void handled(Segment segment, TrackingToken token) {
        parts.progress().handled(segment.getSegmentId(), token);
        bookmarks.stored(segment.getSegmentId(), System.nanoTime());
    }

    /** Which events a segment has handled ahead of its work package. */
    HandledAhead ahead() {
        return ahead;
    }

    @Override
    protected void processInUnitOfWork(
            List<? extends EventMessage<?>> events,
            UnitOfWork<? extends EventMessage<?>> unitOfWork,
            Collection<Segment> segments)
            throws Exception {
        Segment segment = segments.iterator().next();
        busy.merge(segment.getSegmentId(), 1, Integer::sum);
        long began = System.nanoTime();
        try {
            new BatchRun(this, parts, segment).run(events, unitOfWork);
        } catch (Error error) {
            // A work package that an Error escapes from is never scheduled again, silently.
            throw new EventProcessingException("Processor " + getName() + " met an error", error);
        } finally {
            rest(segment, began);
            busy.computeIfPresent(segment.getSegmentId(), (id, runs) -> runs == 1 ? null : runs - 1);
        }
    }

    /**
     * Lets more gather before the segment's next batch, if it is busy more than it may be, and something waits already, but not a
     * batch. The segment stays claimed: another thread extends the claim. A stop ends the rest.
     */
    private void rest(Segment segment, long began) {
        long now = System.nanoTime();
        DutyCycle duty = duties.computeIfAbsent(
                segment.getSegmentId(), id -> new DutyCycle(parts.settings().busyShare(), BURST, LONGEST_REST, began));
        duty.worked(now - began, now);
        long waiting = parts.head().getAsLong() - parts.progress().handledUpTo();
        if (waiting > 0 && waiting < parts.settings().batchSize() && duty.rest() > 0) {
            pause.isEndedWithin(Duration.ofNanos(duty.rest()));
        }
    }

    /** Runs the handlers of an attempt and ends its unit of work; throws what made it roll back. */
    void handle(BatchAttempt attempt, List<? extends EventMessage<?>> events, Segment segment) throws Exception {
        super.processInUnitOfWork(events, attempt.unitOfWork(), List.of(segment));
    }

    /**
     * Runs what takes a handler's place in an attempt of one event, with all interceptors around it, and ends its unit of work;
     * throws what made it roll back.
     */
    void handle(BatchAttempt attempt, Action action) throws Exception {
        ResultMessage<?> result = attempt.unitOfWork().executeWithResult(() -> new DefaultInterceptorChain<
                        EventMessage<?>>(attempt.unitOfWork(), getHandlerInterceptors(), event -> {
                    action.run();
                    return null;
                })
                .proceed());
        if (result.isExceptional()) {
            Throwable thrown = result.exceptionResult();
            throw thrown instanceof Exception exception
                    ? exception
                    : new IllegalStateException("Processor " + getName() + " met an error", thrown);
        }
    }

    /** What may be done in an attempt. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Lets every invoker that wants to prepare for the events which it will handle. */
    void prepare(List<? extends EventMessage<?>> events, Segment segment) throws Exception {
        for (Preparing each : preparing(events, segment)) {
            each.invoker().prepare(each.events(), segment);
        }
    }

    /** Lets them add to the first questions of a batch. */
    void ask(List<? extends EventMessage<?>> events, Segment segment, RoundTrip first) {
        preparing(events, segment).forEach(each -> each.invoker().ask(each.events(), segment, first));
    }

    private record Preparing(BatchPreparing invoker, List<? extends EventMessage<?>> events) {}

    private List<Preparing> preparing(List<? extends EventMessage<?>> events, Segment segment) {
        EventHandlerInvoker invoker = parts.invoker();
        if (invoker instanceof BatchPreparing one) {
            return List.of(new Preparing(one, events));
        }
        List<Preparing> preparing = new ArrayList<>();
        if (invoker instanceof MultiEventHandlerInvoker several) {
            for (EventHandlerInvoker each : several.delegates()) {
                if (each instanceof BatchPreparing one) {
                    List<? extends EventMessage<?>> own = events.stream()
                            .filter(event -> each.canHandle(event, segment))
                            .toList();
                    if (!own.isEmpty()) {
                        preparing.add(new Preparing(one, own));
                    }
                }
            }
        }
        return preparing;
    }

    Parts parts() {
        return parts;
    }

    /**
     * How many positions of the journal this instance has still to pass, if it acts on events, which is what cannot be reset:
     * what can is a view that may be rebuilt, and then be far behind for hours. 0 while it is stopped.
     *
     * @param head the journal's newest position
     */
    long behind(long head) {
        if (!isRunning() || supportsReset()) {
            return 0;
        }
        long handled = parts.progress().handledUpTo();
        return handled >= head ? 0 : head - Math.max(0, handled);
    }

    /**
     * Waits before the next attempt.
     *
     * @throws Exception the failure, if the processor is asked to stop
     */
    void pause(Duration wait, Exception failure) throws Exception {
        if (pause.isEndedWithin(wait)) {
            throw failure;
        }
    }

    boolean isStopping() {
        return pause.isEnded();
    }

    /** Claims segments that nobody works on although this instance could; see {@link Reclaims}. */
    void reclaim() {
        List<Integer> free =
                parts.transactions().fetchInTransaction(() -> parts.tokens().fetchAvailableSegments(getName())).stream()
                        .map(Segment::getSegmentId)
                        .toList();
        Map<Integer, EventTrackerStatus> status = processingStatus();
        bookmarks.retain(status.keySet());
        for (int segment :
                reclaims.due(free, id -> busy.containsKey(id) || isWorking(status.get(id)), System.nanoTime())) {
            CompletableFuture<Boolean> unused = claimSegment(segment);
        }
    }

    /** The segments that this instance works on. */
    List<Integer> workingOn() {
        List<Integer> working = new ArrayList<>();
        processingStatus().forEach((segment, status) -> {
            if (isWorking(status)) {
                working.add(segment);
            }
        });
        return working;
    }

    private static boolean isWorking(@Nullable EventTrackerStatus status) {
        return status != null && !status.isErrorState();
    }

    @Override
    public void releaseSegment(int segmentId, long releaseDuration, TimeUnit unit) {
        reclaims.released(segmentId, Duration.ofMillis(unit.toMillis(releaseDuration)), System.nanoTime());
        super.releaseSegment(segmentId, releaseDuration, unit);
    }

    @Override
    public void start() {
        pause.reopen();
        parts.brake().open();
        parts.progress().reset();
        super.start();
    }

    @Override
    public CompletableFuture<Void> shutdownAsync() {
        pause.end();
        parts.brake().own().stop();
        return super.shutdownAsync();
    }

    /** Also forgets what is parked: the replay brings it again. */
    @Override
    public <R> void resetTokens(TrackingToken startPosition, @Nullable R resetContext) {
        parts.transactions().executeInTransaction(() -> {
            parts.parking().forget(getName());
            super.resetTokens(startPosition, resetContext);
        });
    }
}
