package io.farandole.audit.whatif;

import io.farandole.axon.Decision;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.Headers;
import io.farandole.saga.ReplayedDeadlines;
import io.farandole.saga.SagaReplay;
import io.farandole.saga.deadline.DeadlinePassed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.UnknownSerializedType;

/**
 * Replays recorded processes into a version of a saga, one after the other. What is recorded of people's decisions holds for it too: what was
 * left out is left out, what was compensated is compensated. An event at which a handler throws ends the process, as it would be set aside
 * live. Used by one thread.
 */
final class ProcessReplay<T> {

    /**
     * How much later than its event's time a live saga may have set a deadline: it counts from when it handles the event, the replay from
     * when the event occurred.
     */
    static final Duration LIVE_DELAY = Duration.ofMinutes(1);

    private final SagaVersion<T> version;
    private final JournalMessages messages;
    private final Notebook notebook;
    private final SagaReplay<T> saga;
    private final Deadlines deadlines;

    ProcessReplay(
            SagaVersion<T> version, JournalMessages messages, RegistrySerializer serializer, Deadlines deadlines) {
        this.version = version;
        this.messages = messages;
        this.deadlines = deadlines;
        this.notebook = new Notebook(serializer);
        this.saga = version.replay(serializer.codec(), notebook);
    }

    /** Replays one process from its first event on. */
    ReplayedProcess replay(String processKey, List<JournalRow> rows) {
        saga.begin();
        return new Run(processKey, rows).run();
    }

    /** The commands whose answers the saga waited for, and which were answered with nothing. */
    Set<String> unanswered() {
        return notebook.unanswered();
    }

    /** One process on its way. */
    private final class Run {

        private final String processKey;
        private final List<Recorded> history = new ArrayList<>();
        private final RecordedDecisions decisions = new RecordedDecisions(version.processor());
        private final List<ReplayedEvent> events = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private Instant now = Instant.EPOCH;
        private boolean failed;
        private boolean shared;

        Run(String processKey, List<JournalRow> rows) {
            this.processKey = processKey;
            rows.forEach(this::read);
        }

        private void read(JournalRow row) {
            List<EventMessage<?>> readable = new ArrayList<>();
            for (TrackedEventMessage<?> message : messages.of(row)) {
                if (message.getPayload() instanceof UnknownSerializedType) {
                    notes.add("Event " + row.eventId() + " at " + row.position() + " is of type " + row.payloadType()
                            + ".v" + row.payloadVersion() + ", which this program does not know: it is left out.");
                } else {
                    readable.add(message);
                    decisions.add(message.getPayload());
                }
            }
            history.add(new Recorded(row, readable));
        }

        ReplayedProcess run() {
            for (int i = 0; i < history.size() && !failed; i++) {
                Recorded event = history.get(i);
                now = later(now, event.row().occurredAt());
                if (deadlines == Deadlines.BY_TIME) {
                    passByTime(i);
                }
                if (!failed) {
                    handle(event);
                }
            }
            return new ReplayedProcess(
                    processKey,
                    events,
                    saga.state(processKey) != null,
                    saga.hasEnded(processKey),
                    saga.state(processKey),
                    saga.steps(processKey),
                    notes);
        }

        private void handle(Recorded event) {
            for (EventMessage<?> message : event.messages()) {
                if (failed) {
                    return;
                }
                if (message.getPayload() instanceof DeadlinePassed passed) {
                    handle(event, passed);
                } else if (saga.canHandle(message)) {
                    Optional<InterventionDecided> decided =
                            decisions.about(event.row().position());
                    shared = version.isShared(message.getPayloadType());
                    step(event, event.type(), false, () -> {
                        if (decided.isPresent()) {
                            decide(decided.get(), event, message);
                        } else {
                            saga.handle(message, now);
                        }
                    });
                }
            }
        }

        private void decide(InterventionDecided decided, Recorded event, EventMessage<?> message) throws Exception {
            LeftOutEvent leftOut = new LeftOutEvent(
                    event.row().position(),
                    event.row().eventId(),
                    message.getPayloadType().getName(),
                    List.of(message));
            if (decided.decision() == Decision.COMPENSATE) {
                saga.compensate(decided, leftOut, now);
            } else {
                saga.leftOut(decided, leftOut, now);
            }
        }

        private void handle(Recorded event, DeadlinePassed passed) {
            if (!passed.sagaType().equals(version.name())) {
                return;
            }
            Optional<ReplayedDeadlines.Pending> pending = saga.deadlines().next(passed.deadlineName());
            if (pending.isEmpty()) {
                if (!saga.hasEnded(processKey)) {
                    notes.add("Deadline " + passed.deadlineName() + " passed at "
                            + event.row().position()
                            + ", but this version had none of that name pending: it has not heard of it.");
                }
                return;
            }
            step(
                    event,
                    passed.deadlineName(),
                    false,
                    () -> saga.pass(
                            pending.get(),
                            processKey,
                            event.row().eventId(),
                            event.messages().get(0).getMetaData(),
                            now));
        }

        /** What is due by now, and is none of those that the journal says passed later. */
        private void passByTime(int next) {
            for (Optional<ReplayedDeadlines.Pending> due = due(next); due.isPresent() && !failed; due = due(next)) {
                ReplayedDeadlines.Pending deadline = due.get();
                Recorded before = history.get(Math.max(0, next - 1));
                Instant at = later(before.row().occurredAt(), deadline.dueAt());
                step(
                        new Recorded(before.row(), List.of()),
                        deadline.name(),
                        true,
                        () -> saga.pass(
                                deadline, processKey, deadline.id(), Map.of(Headers.PROCESS_KEY, processKey), at));
            }
        }

        private Optional<ReplayedDeadlines.Pending> due(int next) {
            return saga.deadlines().pending().stream()
                    .filter(deadline -> deadline.dueAt().isBefore(now))
                    .filter(deadline -> !isRecorded(deadline, next))
                    .findFirst();
        }

        /** Whether the journal says further on that a deadline passed which this one may be. */
        private boolean isRecorded(ReplayedDeadlines.Pending deadline, int next) {
            for (Recorded event : history.subList(next, history.size())) {
                for (EventMessage<?> message : event.messages()) {
                    if (message.getPayload() instanceof DeadlinePassed passed
                            && passed.sagaType().equals(version.name())
                            && passed.deadlineName().equals(deadline.name())
                            && Duration.between(deadline.dueAt(), passed.dueAt())
                                            .abs()
                                            .compareTo(LIVE_DELAY)
                                    <= 0) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void step(Recorded event, String type, boolean byTimeAlone, Step step) {
            String failure = null;
            notebook.turn();
            try {
                step.run();
            } catch (Exception e) {
                failure = e.toString();
                failed = true;
                notes.add("The handler throws at event " + event.row().eventId()
                        + ": live, the process would be set aside there, so it is not replayed further.");
            }
            events.add(new ReplayedEvent(
                    event.row().position(),
                    byTimeAlone ? "" : event.row().eventId(),
                    type,
                    now,
                    byTimeAlone,
                    shared,
                    notebook.turn(),
                    failure));
            shared = false;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** An event of the journal, as far as it can be read. */
    private record Recorded(JournalRow row, List<EventMessage<?>> messages) {

        String type() {
            return row.payloadType() + ".v" + row.payloadVersion();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
