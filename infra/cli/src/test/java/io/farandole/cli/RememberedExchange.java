package io.farandole.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A context's exchange, in memory. */
final class RememberedExchange implements Witness {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    final Map<String, List<String>> publishes = new HashMap<>();
    final List<Event> published = new ArrayList<>();
    final List<Event> kept = new ArrayList<>();
    final Map<String, List<Event>> received = new HashMap<>();
    final List<Overtaken> overtaken = new ArrayList<>();
    int questions;
    int digested;
    private final String context;

    RememberedExchange(String context) {
        this.context = context;
    }

    /** Publishes, an hour ago. */
    Event publish(long position, String type, String processKey) {
        return publish(position, type, processKey, NOW.minusSeconds(3_600));
    }

    Event publish(long position, String type, String processKey, Instant at) {
        Event event = new Event(position, context + "-" + position, type, processKey, "body-" + position, at);
        published.add(event);
        return event;
    }

    void receive(String source, Event event) {
        received.computeIfAbsent(source, key -> new ArrayList<>()).add(event);
    }

    @Override
    public String context() {
        return context;
    }

    @Override
    public Overview overview() {
        questions++;
        List<Heard> heard = new ArrayList<>();
        received.forEach((source, events) -> {
            Map<String, List<Event>> byType = new TreeMap<>();
            events.forEach(event -> byType.computeIfAbsent(String.valueOf(event.type()), key -> new ArrayList<>())
                    .add(event));
            byType.forEach((type, some) -> heard.add(new Heard(
                    source,
                    type,
                    some.size(),
                    some.stream().mapToLong(Event::position).min().orElse(0),
                    some.stream().mapToLong(Event::position).max().orElse(0))));
        });
        long last = published.stream().mapToLong(Event::position).max().orElse(0);
        return new Overview(context, NOW, last, 0, null, publishes, heard);
    }

    @Override
    public long positionAt(String time) {
        return 1;
    }

    @Override
    public List<Range> digests(@Nullable String source, List<Counted> types, long from, long to, int parts) {
        questions++;
        long width = Math.max(1, (to - from + parts - 1) / parts);
        Map<Long, List<Event>> byStart = new TreeMap<>();
        held(source, types)
                .filter(event -> event.position() > from && event.position() <= to)
                .forEach(event -> byStart.computeIfAbsent(
                                from + (event.position() - from - 1) / width * width, key -> new ArrayList<>())
                        .add(event));
        List<Range> ranges = new ArrayList<>();
        byStart.forEach((start, events) -> {
            digested += events.size();
            ranges.add(new Range(
                    start,
                    Math.min(to, start + width),
                    events.size(),
                    Long.toString(events.stream()
                            .mapToLong(it ->
                                    (it.position() + it.eventId() + it.type() + it.processKey() + it.body()).hashCode())
                            .sum())));
        });
        return ranges;
    }

    @Override
    public List<Event> events(@Nullable String source, List<Counted> types, long from, long to) {
        questions++;
        return held(source, types)
                .filter(event -> event.position() > from && event.position() <= to)
                .toList();
    }

    @Override
    public List<Event> events(@Nullable String source, List<String> ids) {
        questions++;
        return (source == null
                        ? Stream.concat(published.stream(), kept.stream())
                        : received.getOrDefault(source, List.of()).stream())
                .filter(event -> ids.contains(event.eventId()))
                .toList();
    }

    @Override
    public List<Overtaken> overtaken(String source, int limit) {
        return overtaken;
    }

    private Stream<Event> held(@Nullable String source, List<Counted> types) {
        return (source == null ? published : received.getOrDefault(source, List.of()))
                .stream().filter(event -> types.stream()
                        .anyMatch(it -> it.type().equals(event.type()) && event.position() >= it.from()));
    }
}
