package io.farandole.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A context that tells of the exchange with others: of what it has published ({@code source} null), and of what it has received from a source.
 * Positions are always the producer's. What it cannot answer ends the command.
 */
interface Witness {

    /** The context's name. */
    String context();

    /** How far it has come. */
    Overview overview();

    /** The first position of a time, such as 2026-03-01T10:00:00Z. */
    long positionAt(String time);

    /** Digests of the ranges that have events, after {@code from} and up to {@code to}. */
    List<Range> digests(@Nullable String source, List<Counted> types, long from, long to, int parts);

    /** The events of a range. */
    List<Event> events(@Nullable String source, List<Counted> types, long from, long to);

    /** Of some events those that it has. */
    List<Event> events(@Nullable String source, List<String> ids);

    /** Received events of a source that stand behind a later one of their process. */
    List<Overtaken> overtaken(String source, int limit);

    /** A type, from a position on. */
    record Counted(String type, long from) {}

    /** How far a context has come; see the service's {@code ExchangeOverview}. */
    record Overview(
            String context,
            Instant now,
            long published,
            long waiting,
            @Nullable Instant waitingSince,
            Map<String, List<String>> publishes,
            List<Heard> heard) {}

    /** Received events of one type. */
    record Heard(String source, String type, long events, long first, long last) {}

    /** What a range of positions adds up to. */
    record Range(long from, long to, long events, String digest) {}

    /** An event as one side holds it. */
    record Event(
            long position, String eventId, @Nullable String type, String processKey, String body, Instant recordedAt) {}

    /** An event that is out of order. */
    record Overtaken(long position, String eventId, String type, String processKey, long after) {}
}
