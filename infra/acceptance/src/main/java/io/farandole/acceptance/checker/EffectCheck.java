package io.farandole.acceptance.checker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * I4: a message has its effect once: it stands once in a journal, and causes an event of one type once per aggregate. I5: the
 * events of an aggregate are numbered without a gap, in the order of the journal.
 */
final class EffectCheck {

    private EffectCheck() {}

    static void run(Sources sources, Consumer<Violation> report) {
        sources.journals().forEach((context, rows) -> {
            checkOnce(rows, report);
            checkSequences(rows, report);
        });
    }

    private static void checkOnce(List<JournalRow> rows, Consumer<Violation> report) {
        Map<String, JournalRow> ids = new HashMap<>();
        Map<String, JournalRow> effects = new HashMap<>();
        for (JournalRow row : rows) {
            JournalRow same = ids.putIfAbsent(row.source() + " " + row.eventId(), row);
            if (same != null) {
                report.accept(new Violation("I4", row.processKey(), row + " stands twice, first as " + same));
            }
            if (row.own() && row.causationId() != null && row.aggregateId() != null) {
                // The process key tells several returns of one order apart, which one answer may settle together.
                String effect =
                        String.join(" ", row.causationId(), row.payloadType(), row.aggregateId(), row.processKey());
                JournalRow first = effects.putIfAbsent(effect, row);
                if (first != null) {
                    report.accept(new Violation(
                            "I4",
                            row.processKey(),
                            "one message (" + row.causationId() + ") had an effect twice: " + first + ", " + row));
                }
            }
        }
    }

    private static void checkSequences(List<JournalRow> rows, Consumer<Violation> report) {
        Map<String, Long> next = new HashMap<>();
        for (JournalRow row : rows) {
            if (!row.own() || row.sequence() == null || row.aggregateId() == null) {
                continue;
            }
            long expected = next.getOrDefault(row.aggregateId(), 0L);
            if (row.sequence() != expected) {
                report.accept(new Violation(
                        "I5",
                        row.processKey(),
                        "aggregate " + row.aggregateId() + " has number " + row.sequence() + " where " + expected
                                + " was to come: " + row));
            }
            next.put(row.aggregateId(), row.sequence() + 1);
        }
    }
}
