package io.farandole.testkit;

import io.farandole.saga.ReplayedDeadlines.Pending;
import io.farandole.saga.outside.OutsideCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a saga did with one event, with time that passed, or with a person's decision: noted by {@link KeyedSagaFixture}, and not done.
 * Each list is in the order in which it was done. Immutable.
 *
 * @param commands the payloads of the commands that it sent
 * @param outsideCalls that it requested
 * @param events the payloads of the events that it published
 * @param calls of methods of interfaces that were injected and that nobody had given
 * @param scheduled deadlines, also those that limit its steps and are kept by the framework
 * @param cancelled deadlines that had not passed
 */
public record SagaReaction(
        List<Object> commands,
        List<OutsideCall> outsideCalls,
        List<Object> events,
        List<Call> calls,
        List<Pending> scheduled,
        List<Pending> cancelled) {

    public SagaReaction {
        commands = List.copyOf(commands);
        outsideCalls = List.copyOf(outsideCalls);
        events = List.copyOf(events);
        calls = List.copyOf(calls);
        scheduled = List.copyOf(scheduled);
        cancelled = List.copyOf(cancelled);
    }

    /**
     * A call of an interface's method.
     *
     * @param method with the interface's simple name before it, such as {@code Banks.pay}
     * @param arguments may hold null
     */
    public record Call(String method, List<@Nullable Object> arguments) {

        public Call {
            arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        }
    }

    /** Whether the saga did nothing that others would notice; deadlines are its own affair. */
    public boolean isNothing() {
        return commands.isEmpty() && outsideCalls.isEmpty() && events.isEmpty() && calls.isEmpty();
    }
}
