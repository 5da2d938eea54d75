package io.farandole.audit.whatif;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers a report, of bounded size, while processes are replayed. Used by one thread. */
final class Tally {

    private static final int MOST_NOTES = 100;

    private final Selection selection;
    private final String saga;
    private final String before;
    private final String now;
    private final long begun = System.nanoTime();
    private final Map<Action.Kind, Long> actions = new EnumMap<>(Action.Kind.class);
    private final List<ProcessDifference> differences = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long processes;
    private long events;
    private long differing;
    private long moreNotes;
    private long shared;
    private @Nullable Instant goneTo;

    Tally(Selection selection, String saga, String before, String now) {
        this.selection = selection;
        this.saga = saga;
        this.before = before;
        this.now = now;
    }

    boolean isFull() {
        return processes >= selection.mostProcesses()
                || System.nanoTime() - begun > selection.within().toNanos();
    }

    void stoppedBefore(Instant time) {
        goneTo = time;
    }

    void shared(long effects) {
        shared += effects;
    }

    void note(String note) {
        if (notes.size() < MOST_NOTES) {
            notes.add(note);
        } else {
            moreNotes++;
        }
    }

    void add(ReplayedProcess replayed, Optional<ProcessDifference> difference) {
        processes++;
        replayed.notes().forEach(note -> note("Process " + replayed.processKey() + ": " + note));
        for (ReplayedEvent event : replayed.events()) {
            if (selection.contains(event.at())) {
                events++;
                event.actions().forEach(action -> actions.merge(action.kind(), 1L, Long::sum));
            }
        }
        if (difference.isPresent()) {
            differing++;
            if (differences.size() < selection.mostDifferences()) {
                differences.add(difference.get());
            }
        }
    }

    /**
     * What it comes to.
     *
     * @param unanswered the commands whose answers the saga waited for in vain
     */
    WhatIfReport report(Set<String> unanswered) {
        List<String> all = new ArrayList<>(notes);
        if (moreNotes > 0) {
            all.add("And " + moreNotes + " more such notes.");
        }
        if (shared > 0) {
            all.add(shared
                    + " events have caused something where the saga does nothing, but others in the context hear them"
                    + " too: it may be theirs.");
        }
        if (differing > 0 && !unanswered.isEmpty()) {
            all.add("The saga waits for answers that no journal holds, and was given none: to "
                    + String.join(", ", unanswered)
                    + ". Where it decides by them, what follows is no difference of the code; a test can give them"
                    + " (SagaVersion.reply).");
        }
        return new WhatIfReport(saga, before, now, processes, events, actions, differing, differences, all, goneTo);
    }
}
