package io.farandole.audit.whatif;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay has come to.
 *
 * @param saga the name of the saga
 * @param before what was compared with: a class, or the journal
 * @param now the class that was replayed
 * @param processes how many were replayed
 * @param events how many events its handlers were called for
 * @param actions how many actions it would have taken, by their kind; none of them was
 * @param differing how many processes differ
 * @param differences the first of them
 * @param notes what was left out, and why, at most a hundred
 * @param goneTo null if all was replayed; otherwise the time of the first process that was not: go on from there
 */
public record WhatIfReport(
        String saga,
        String before,
        String now,
        long processes,
        long events,
        Map<Action.Kind, Long> actions,
        long differing,
        List<ProcessDifference> differences,
        List<String> notes,
        @Nullable Instant goneTo) {

    public WhatIfReport {
        actions = Map.copyOf(actions);
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /** As text: a line for each difference, and a summary. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (ProcessDifference process : differences) {
            text.append("process ").append(process.processKey()).append('\n');
            for (EventDifference event : process.events()) {
                text.append("  ")
                        .append(event.type())
                        .append(" at ")
                        .append(event.at())
                        .append(", position ");
                text.append(event.position()).append('\n');
                event.before()
                        .forEach(line -> text.append("    - ").append(line).append('\n'));
                event.now().forEach(line -> text.append("    + ").append(line).append('\n'));
            }
            process.others().forEach(line -> text.append("  ").append(line).append('\n'));
        }
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append(saga)
                .append(": ")
                .append(differing)
                .append(" of ")
                .append(processes)
                .append(" processes differ (");
        text.append(events)
                .append(" events; - ")
                .append(before)
                .append(", + ")
                .append(now)
                .append(")\n");
        if (goneTo != null) {
            text.append("Not all was replayed: go on from ").append(goneTo).append('\n');
        }
        return text.toString();
    }
}
