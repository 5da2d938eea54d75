package io.farandole.testkit;

import io.farandole.audit.whatif.SagaActions;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.axon.Decision;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.ReplayedDeadlines.Pending;
import io.farandole.saga.SagaReplay;
import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * A saga in a unit test, without a server: one process of it, brought forwards event by event, through the invoker that runs it live. So its
 * declarations are checked as at a service's start, its steps are logged, limited and undone, its state is written and read as JSON between any
 * two events, and what is thrown leaves it as it was. What it sends, schedules and calls is noted and not done.
 *
 * <pre>{@code
 * var saga = KeyedSagaFixture.of(HolidaySaga.class, "h-1");
 * saga.handle(new HolidayWanted("h-1"));
 * saga.handle(new RoomBooked("h-1", "12"));
 * assertThat(saga.handle(new FlightRefused("h-1")).commands()).containsExactly(new CancelRoom("h-1", "12"));
 * }</pre>
 *
 * <p>Retries are not part of it: an event whose handler throws can be {@linkplain #handle handled} again, or be {@linkplain #leaveOut left
 * out}. The answers of commands and outside calls come as events, which the test makes up, in any order it likes. Not thread-safe.
 *
 * @param <T> the saga's class
 */
public final class KeyedSagaFixture<T> {

    private final String sagaType;
    private final String processKey;
    private final SagaReplay<T> saga;
    private final Notes notes = new Notes();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private int moves;

    private KeyedSagaFixture(SagaVersion<T> version, String processKey) {
        this.sagaType = version.name();
        this.processKey = processKey;
        this.saga = version.replay(new JsonCodec(), notes);
    }

    /**
     * A process of a saga that asks for nothing but gateways, deadlines, outside calls and interfaces.
     *
     * @param processKey that its events have
     * @throws IllegalArgumentException if the class cannot be a saga, or what its steps declare is wrong, saying why
     */
    public static <T> KeyedSagaFixture<T> of(Class<T> saga, String processKey) {
        return of(SagaVersion.forTest(saga), processKey);
    }

    /**
     * A process of a saga that asks for more, such as settings, replies of commands, or values of properties.
     *
     * @param version of {@link SagaVersion#forTest}
     * @param processKey that its events have
     * @throws IllegalArgumentException if the class cannot be a saga, or what its steps declare is wrong, saying why
     */
    public static <T> KeyedSagaFixture<T> of(SagaVersion<T> version, String processKey) {
        return new KeyedSagaFixture<>(version, processKey);
    }

    /** What the saga is about to do with something. */
    @FunctionalInterface
    private interface Move {
        void run() throws Exception;
    }

    /**
     * Has the saga handle an event of the process, own or received.
     *
     * @return what it did
     * @throws IllegalArgumentException if it has no handler for events of the class: live it would not hear of it
     * @throws io.farandole.saga.SagaKeyMismatchException if the event is of another process
     * @throws RuntimeException what the handler throws, as an {@link Error} is; the cause of an {@link IllegalStateException} if it is
     *     checked. The saga is as before then
     */
    public SagaReaction handle(Object event) {
        EventMessage<?> message = message(event);
        return move(() -> saga.handle(message, now));
    }

    /**
     * Lets time pass, and with it what is due by then, the earliest first, also what is scheduled meanwhile.
     *
     * @return what the saga did with all of it
     * @throws RuntimeException what a handler throws, as in {@link #handle}; time stands still at that deadline then, which is due again
     */
    public SagaReaction elapse(Duration time) {
        Instant then = now.plus(time);
        if (then.isBefore(now)) {
            throw new IllegalArgumentException("Time passes forwards, not by " + time);
        }
        SagaReaction reaction = move(() -> {
            for (Pending due = dueBy(then); due != null; due = dueBy(then)) {
                now = due.dueAt().isAfter(now) ? due.dueAt() : now;
                saga.pass(due, processKey, nextId(), Map.of(Headers.PROCESS_KEY, processKey), now);
            }
        });
        now = then;
        return reaction;
    }

    private @Nullable Pending dueBy(Instant then) {
        return saga.deadlines().pending().stream()
                .filter(deadline -> !deadline.dueAt().isAfter(then))
                .findFirst()
                .orElse(null);
    }

    /**
     * Has a person leave out an event at which the process is set aside.
     *
     * @param decision {@link Decision#SKIP}, or {@link Decision#RESOLVE} if its work was done by hand
     * @return what the saga did: nothing, unless it is being undone
     */
    public SagaReaction leaveOut(Object event, Decision decision) {
        if (decision != Decision.SKIP && decision != Decision.RESOLVE) {
            throw new IllegalArgumentException("An event is left out by SKIP or RESOLVE, not by " + decision);
        }
        LeftOutEvent failed = failed(event);
        return move(() -> saga.leftOut(decided(decision, failed), failed, now));
    }

    /**
     * Has a person give the process up at an event at which it is set aside: its {@code @CompensationHandler} is called, and its steps are undone
     * if it does so itself.
     *
     * @return what the saga did
     * @throws RuntimeException what its methods throw, as in {@link #handle}
     */
    public SagaReaction compensate(Object failedEvent) {
        LeftOutEvent failed = failed(failedEvent);
        return move(() -> saga.compensate(decided(Decision.COMPENSATE, failed), failed, now));
    }

    /** What time it is; at first the beginning of 2030, UTC. */
    public Instant now() {
        return now;
    }

    /** Whether an event has started the saga. */
    public boolean hasStarted() {
        return saga.state(processKey) != null;
    }

    /** Whether the saga has ended. */
    public boolean hasEnded() {
        return saga.hasEnded(processKey);
    }

    /**
     * Where its steps stand, by their names, in the order in which they were first heard of; with {@link StepView#UNDOING} for the undoing of the
     * whole. Empty if the class declares none, or nothing was heard of them.
     */
    public Map<String, StepStatus> steps() {
        Map<String, StepStatus> steps = new LinkedHashMap<>();
        saga.steps(processKey).forEach(step -> steps.put(step.step(), step.status()));
        return steps;
    }

    /**
     * All that is logged of a step.
     *
     * @throws IllegalArgumentException if nothing was heard of it
     */
    public StepView step(String name) {
        return saga.steps(processKey).stream()
                .filter(step -> step.step().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Nothing was heard of a step " + name + " of saga "
                        + sagaType + "; of these it was: " + steps()));
    }

    /** The deadlines that have neither passed nor been cancelled, the earliest first. */
    public List<Pending> deadlines() {
        return saga.deadlines().pending();
    }

    /** The saga's state as it would be stored, as JSON; null before it has started. */
    public @Nullable String state() {
        return saga.state(processKey);
    }

    private EventMessage<?> message(Object event) {
        EventMessage<?> message =
                new GenericEventMessage<>(nextId(), event, Map.of(Headers.PROCESS_KEY, processKey), now);
        if (!saga.canHandle(message)) {
            throw new IllegalArgumentException("Saga " + sagaType + " has no handler for "
                    + event.getClass().getName() + ": live it would not hear of it");
        }
        return message;
    }

    private LeftOutEvent failed(Object event) {
        EventMessage<?> message = message(event);
        return new LeftOutEvent(moves, message.getIdentifier(), event.getClass().getName(), List.of(message));
    }

    private InterventionDecided decided(Decision decision, LeftOutEvent failed) {
        return new InterventionDecided(
                "decision-" + moves,
                null,
                sagaType,
                processKey,
                decision,
                failed.eventId(),
                failed.eventType(),
                failed.position(),
                failed.position(),
                RuntimeException.class.getName(),
                1,
                "a person",
                "a test",
                now);
    }

    private String nextId() {
        moves++;
        return "event-" + moves;
    }

    private SagaReaction move(Move move) {
        notes.turn();
        try {
            move.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Saga " + sagaType + " throws a checked exception: " + e, e);
        }
        return notes.turn();
    }

    /** Keeps what the saga does as it is. */
    private static final class Notes implements SagaActions {

        private List<Object> commands = new ArrayList<>();
        private List<OutsideCall> outsideCalls = new ArrayList<>();
        private List<Object> events = new ArrayList<>();
        private List<SagaReaction.Call> calls = new ArrayList<>();
        private List<Pending> scheduled = new ArrayList<>();
        private List<Pending> cancelled = new ArrayList<>();

        /** What was noted since the last time. */
        SagaReaction turn() {
            SagaReaction noted = new SagaReaction(commands, outsideCalls, events, calls, scheduled, cancelled);
            commands = new ArrayList<>();
            outsideCalls = new ArrayList<>();
            events = new ArrayList<>();
            calls = new ArrayList<>();
            scheduled = new ArrayList<>();
            cancelled = new ArrayList<>();
            return noted;
        }

        @Override
        public void command(String name, @Nullable Object payload) {
            commands.add(payload == null ? name : payload);
        }

        @Override
        public void unanswered(String name) {
            // As live, where a command's handler returns nothing.
        }

        @Override
        public void event(Object payload) {
            events.add(payload);
        }

        @Override
        public void outsideCall(OutsideCall call) {
            outsideCalls.add(call);
        }

        @Override
        public void call(String method, List<@Nullable Object> arguments) {
            calls.add(new SagaReaction.Call(method, arguments));
        }

        @Override
        public void scheduled(Pending deadline) {
            scheduled.add(deadline);
        }

        @Override
        public void cancelled(Pending deadline) {
            cancelled.add(deadline);
        }
    }
}
