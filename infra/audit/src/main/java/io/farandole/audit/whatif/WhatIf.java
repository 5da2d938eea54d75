package io.farandole.audit.whatif;

import io.farandole.eventstore.JournalHistory;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * If this saga's code had been another, what would it have done with the recorded history? Replays the processes of a journal into saga
 * classes, through the invoker that runs them live, and compares what they would have done. Nothing is sent, scheduled, called, published or
 * written: it is noted. A role that may only read the journal, and a replica, will do.
 *
 * <p>Commands are answered with null, as if they had succeeded and had nothing to say, unless the version says otherwise ({@link
 * SagaVersion#reply}). The history stays what it is: what a version would have done otherwise has no consequences further on, so after the
 * first difference in a process the later ones may follow from it, or never come about.
 *
 * <p>One process is replayed after the other, each whole: what is in memory is one process, whatever the length of the history. Thread-safe.
 */
public final class WhatIf {

    /** The longest process that is replayed; a longer one is left out, and the notes say so. */
    public static final int MOST_EVENTS_OF_A_PROCESS = 100_000;

    /** What is older than that, a service that runs has handled, unless it is set aside. */
    private static final Duration AT_REST_AFTER = Duration.ofMinutes(1);

    private final JournalHistory journal;
    private final JournalMessages messages;
    private final RegistrySerializer serializer;

    /** Replays of a journal. */
    public WhatIf(JournalHistory journal, JournalMessages messages, RegistrySerializer serializer) {
        this.journal = journal;
        this.messages = messages;
        this.serializer = serializer;
    }

    /**
     * Compares what two versions of a saga would have done.
     *
     * @throws IllegalArgumentException if one of the classes cannot be replayed, saying why
     */
    public WhatIfReport compare(SagaVersion<?> before, SagaVersion<?> now, Selection selection) {
        ProcessReplay<?> old = before.replay(messages, serializer, Deadlines.BY_TIME);
        ProcessReplay<?> changed = now.replay(messages, serializer, Deadlines.BY_TIME);
        Tally tally = new Tally(
                selection, now.name(), before.type().getName(), now.type().getName());
        forEach(selection, tally, (key, rows) -> {
            ReplayedProcess replayed = changed.replay(key, rows);
            tally.add(replayed, Comparison.of(old.replay(key, rows), replayed, selection::contains));
        });
        return tally.report(changed.unanswered());
    }

    /**
     * Compares what a version of a saga would have done with what the journal shows, and, where there are live sagas, with how they stand:
     * commands are not in the journal, but the events are that an event has caused. What is told is what the version does not explain: an event
     * caused where it does nothing (another handler of the context may have caused it), a handler that throws, a saga that stands elsewhere.
     *
     * @param live null to compare with the journal only
     * @throws IllegalArgumentException if the class cannot be replayed, saying why
     */
    public WhatIfReport compareWithJournal(SagaVersion<?> now, Selection selection, @Nullable LiveSagas live) {
        ProcessReplay<?> replay = now.replay(messages, serializer, Deadlines.RECORDED);
        Tally tally = new Tally(selection, now.name(), "journal", now.type().getName());
        // Before the history is looked at: what was handled by then is in it.
        long handled = live == null ? 0 : live.handledUpTo(now.processor());
        forEach(selection, tally, (key, rows) -> {
            ReplayedProcess replayed = replay.replay(key, rows);
            tally.shared(Effects.shared(replayed, rows));
            List<EventDifference> events = Effects.unexplained(replayed, rows, selection::contains);
            List<String> others = live == null ? List.of() : live.differences(now, replayed, isAtRest(rows, handled));
            tally.add(
                    replayed,
                    events.isEmpty() && others.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new ProcessDifference(key, events, others)));
        });
        return tally.report(replay.unanswered());
    }

    /** Whether a service that runs has handled all of a process, as far as the tables tell, and else after a while. */
    private static boolean isAtRest(List<JournalRow> rows, long handled) {
        JournalRow last = rows.get(rows.size() - 1);
        return last.position() <= handled
                || last.occurredAt().isBefore(Instant.now().minus(AT_REST_AFTER));
    }

    /**
     * What a version of a saga does with one process; empty if the journal has no event of it.
     *
     * @throws IllegalArgumentException if the class cannot be replayed, or the process is longer than {@link #MOST_EVENTS_OF_A_PROCESS}
     */
    public Optional<ReplayedProcess> replay(SagaVersion<?> version, String processKey) {
        List<JournalRow> rows =
                journal.ask(snapshot -> snapshot.ofProcess(processKey, Long.MAX_VALUE, MOST_EVENTS_OF_A_PROCESS + 1));
        if (rows.size() > MOST_EVENTS_OF_A_PROCESS) {
            throw new IllegalArgumentException(tooLong(processKey));
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(replay(version, processKey, rows));
    }

    /**
     * What a version of a saga does with these events of a process, its first ones.
     *
     * @throws IllegalArgumentException if the class cannot be replayed
     */
    public ReplayedProcess replay(SagaVersion<?> version, String processKey, List<JournalRow> rows) {
        return replay(version, processKey, rows, messages, serializer);
    }

    /** The same, wherever the events are from. */
    public static ReplayedProcess replay(
            SagaVersion<?> version,
            String processKey,
            List<JournalRow> rows,
            JournalMessages messages,
            RegistrySerializer serializer) {
        return version.replay(messages, serializer, Deadlines.RECORDED).replay(processKey, rows);
    }

    /** What is done with a process. */
    @FunctionalInterface
    private interface Each {
        void process(String processKey, List<JournalRow> rows);
    }

    private void forEach(Selection selection, Tally tally, Each each) {
        journal.ask(snapshot -> {
            if (selection.processKeys().isEmpty()) {
                snapshot.processes(selection.from(), selection.to(), process -> {
                    if (tally.isFull()) {
                        tally.stoppedBefore(process.since());
                        return false;
                    }
                    one(snapshot, process.processKey(), selection, tally, each);
                    return true;
                });
            } else {
                for (String key : selection.processKeys()) {
                    one(snapshot, key, selection, tally, each);
                }
            }
            return selection;
        });
    }

    private static void one(
            JournalHistory.Snapshot snapshot, String processKey, Selection selection, Tally tally, Each each) {
        List<JournalRow> rows =
                new ArrayList<>(snapshot.ofProcess(processKey, Long.MAX_VALUE, MOST_EVENTS_OF_A_PROCESS + 1));
        while (selection.to() != null
                && !rows.isEmpty()
                && !rows.get(rows.size() - 1).occurredAt().isBefore(selection.to())) {
            rows.remove(rows.size() - 1);
        }
        if (rows.size() > MOST_EVENTS_OF_A_PROCESS) {
            tally.note(tooLong(processKey));
        } else if (rows.isEmpty()) {
            tally.note("The journal has no event of process " + processKey + " in the period.");
        } else {
            each.process(processKey, rows);
        }
    }

    private static String tooLong(String processKey) {
        return "Process " + processKey + " has more than " + MOST_EVENTS_OF_A_PROCESS + " events: it is not replayed.";
    }
}
