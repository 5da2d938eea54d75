package io.farandole.saga;

import io.farandole.saga.deadline.DeadlinePassed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonframework.common.Registration;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.DeadlineMessage;
import org.axonframework.deadline.GenericDeadlineMessage;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.ScopeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one process while it is replayed: kept in memory, told to a listener, and passed only when the replay says so. By the
 * replay's clock, not the wall's. Used by one thread.
 */
public final class ReplayedDeadlines implements DeadlineManager, SagaDeadlines {

    private final Listener listener;
    private final List<Pending> pending = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private @Nullable String cause;
    private int number;
    private @Nullable Pending passing;

    ReplayedDeadlines(Listener listener) {
        this.listener = listener;
    }

    /** Hears what a saga does with its deadlines. */
    public interface Listener {

        /** One was scheduled. */
        void scheduled(Pending deadline);

        /** One that had not passed was cancelled. */
        void cancelled(Pending deadline);
    }

    /**
     * A deadline that has not passed.
     *
     * @param id as the saga knows it; deterministic
     * @param after how long after the event at which it was scheduled it is due; negative if it was over by then
     * @param payload null if it has none
     * @param cause the id of that event
     */
    public record Pending(
            String id, String name, Instant dueAt, Duration after, @Nullable Object payload, @Nullable String cause) {

        /** Without its payload. */
        @Override
        public String toString() {
            return "Pending[" + name + " " + id + ", due " + dueAt + "]";
        }
    }

    /** The deadlines that have not passed and were not cancelled, in the order in which they are due. */
    public List<Pending> pending() {
        return pending.stream().sorted(Comparator.comparing(Pending::dueAt)).toList();
    }

    /** What time it is in the replay. */
    Instant now() {
        return now;
    }

    /** An event is about to be handled. */
    void at(Instant time, String eventId) {
        now = time;
        cause = eventId;
    }

    void pass(Pending deadline) {
        if (!pending.remove(deadline)) {
            throw new IllegalArgumentException(deadline + " is not pending");
        }
        passing = deadline;
    }

    /** What was scheduled, cancelled or passed since then was rolled back. */
    void restore(List<Pending> before) {
        pending.clear();
        pending.addAll(before);
        passing = null;
    }

    void forget() {
        pending.clear();
        passing = null;
        number = 0;
        now = Instant.EPOCH;
        cause = null;
    }

    @Override
    public @Nullable DeadlineMessage<?> messageFor(DeadlinePassed passed, Map<String, ?> metadata) {
        Pending deadline = passing;
        if (deadline == null) {
            return null;
        }
        return new GenericDeadlineMessage<>(
                deadline.name(), deadline.id(), deadline.payload(), metadata, deadline.dueAt());
    }

    @Override
    public StepLimits limits(String sagaType, String processKey) {
        return new StepLimits() {
            @Override
            public void schedule(String deadline, Duration in) {
                add(deadline, now.plus(in), null);
            }

            @Override
            public void cancel(String deadline) {
                remove(each -> each.name().equals(deadline));
            }
        };
    }

    @Override
    public String schedule(
            Instant triggerDateTime,
            String deadlineName,
            @Nullable Object messageOrPayload,
            ScopeDescriptor deadlineScope) {
        return add(deadlineName, triggerDateTime, messageOrPayload);
    }

    @Override
    public String schedule(
            Duration triggerDuration,
            String deadlineName,
            @Nullable Object messageOrPayload,
            ScopeDescriptor deadlineScope) {
        return add(deadlineName, now.plus(triggerDuration), messageOrPayload);
    }

    private String add(String name, Instant dueAt, @Nullable Object messageOrPayload) {
        Object payload = GenericDeadlineMessage.asDeadlineMessage(name, messageOrPayload, dueAt)
                .getPayload();
        Pending added =
                new Pending("replayed-deadline-" + ++number, name, dueAt, Duration.between(now, dueAt), payload, cause);
        pending.add(added);
        listener.scheduled(added);
        return added.id();
    }

    @Override
    public void cancelSchedule(String deadlineName, String scheduleId) {
        remove(each -> each.id().equals(scheduleId));
    }

    /** {@inheritDoc} Of the process that is replayed: others are not there. */
    @Override
    public void cancelAll(String deadlineName) {
        remove(each -> each.name().equals(deadlineName));
    }

    @Override
    public void cancelAllWithinScope(String deadlineName, ScopeDescriptor scope) {
        remove(each -> each.name().equals(deadlineName));
    }

    private void remove(Predicate<Pending> which) {
        for (Pending each : List.copyOf(pending)) {
            if (which.test(each)) {
                pending.remove(each);
                listener.cancelled(each);
            }
        }
    }

    /** The one of a name that is due first; empty if none is pending. */
    public Optional<Pending> next(String name) {
        return pending().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Without effect: nothing is dispatched. */
    @Override
    public Registration registerDispatchInterceptor(
            MessageDispatchInterceptor<? super DeadlineMessage<?>> dispatchInterceptor) {
        return () -> true;
    }

    /** Without effect, as in the journal's deadlines it is refused. */
    @Override
    public Registration registerHandlerInterceptor(
            MessageHandlerInterceptor<? super DeadlineMessage<?>> handlerInterceptor) {
        return () -> true;
    }
}
