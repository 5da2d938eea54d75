package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What one append has put into the journal.
 *
 * @param first position of the first event
 * @param last position of the last one
 * @param count how many events it has appended
 * @param rows all of them as a reader would find them; empty if that is not known: between the first and the last position
 *     are others' as well, or some of the events were in the journal already
 */
record Appended(long first, long last, int count, List<JournalRow> rows) {

    /** More are read by whoever wants them: they would be held twice in memory, and leave the tail's at once. */
    private static final int MOST_ROWS = 512;

    static Appended own(String context, List<JournalEntry> entries, long first, long last) {
        List<JournalRow> rows = new ArrayList<>();
        if (isKnown(entries.size(), first, last)) {
            for (JournalEntry entry : entries) {
                rows.add(row(first + rows.size(), context, entry));
            }
        }
        return new Appended(first, last, entries.size(), rows);
    }

    static Appended received(List<Envelope> batch, int count, long first, long last) {
        List<JournalRow> rows = new ArrayList<>();
        if (count == batch.size() && isKnown(count, first, last)) {
            for (Envelope envelope : batch) {
                rows.add(row(first + rows.size(), envelope));
            }
        }
        return new Appended(first, last, count, rows);
    }

    /** Positions rise in the order of the events, so as many positions as events are theirs. */
    private static boolean isKnown(int count, long first, long last) {
        return count <= MOST_ROWS && last - first + 1 == count;
    }

    private static JournalRow row(long position, String context, JournalEntry entry) {
        return new JournalRow(
                position,
                true,
                entry.eventId(),
                context,
                entry.aggregateType(),
                entry.aggregateId(),
                entry.sequence(),
                entry.type().name(),
                entry.type().version(),
                entry.payload(),
                entry.metadata(),
                entry.processKey(),
                entry.correlationId(),
                entry.causationId(),
                entry.traceparent(),
                entry.wireType() == null ? null : entry.wireType().wireType(),
                entry.wirePayload(),
                null,
                entry.keyId(),
                kept(entry.occurredAt()));
    }

    private static JournalRow row(long position, Envelope envelope) {
        return new JournalRow(
                position,
                false,
                envelope.id(),
                envelope.source(),
                null,
                envelope.subject(),
                null,
                envelope.type().name(),
                envelope.type().version(),
                envelope.body(),
                null,
                envelope.processKey(),
                envelope.correlationId(),
                envelope.causationId(),
                envelope.traceparent(),
                envelope.type().wireType(),
                null,
                envelope.sequence(),
                envelope.keyId(),
                kept(envelope.time()));
    }

    /** Roughly how much memory the rows take, in characters. */
    int characters() {
        return rows.stream().mapToInt(JournalRow::characters).sum();
    }

    /** A time as microseconds since 1970: what the journal keeps of it. */
    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Objects.requireNonNull(time));
    }

    private static Instant kept(Instant time) {
        return Instant.EPOCH.plus(micros(time), ChronoUnit.MICROS);
    }
}
