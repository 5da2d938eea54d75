package io.farandole.audit.state;

import io.farandole.eventstore.JournalHistory;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.RegistrySerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an aggregate looked like at a point of its history, and what has changed between two, field by field. The answer is the fold of its
 * own events from the first one on, through Axon's model of its class: no snapshot and no cache is looked at, and nothing is written or
 * published. Thread-safe.
 */
public final class AggregateHistory {

    /** The most events that {@link #between} tells one by one. */
    public static final int MOST_EVENTS = 10_000;

    private final JournalHistory journal;
    private final JournalMessages messages;
    private final RegistrySerializer serializer;
    private final Supplier<AggregateTypes> types;

    /**
     * A history of the aggregates of a context.
     *
     * @param types which of them can be folded; asked at the first question, once the context's configuration is complete
     */
    public AggregateHistory(
            JournalHistory journal,
            JournalMessages messages,
            RegistrySerializer serializer,
            Supplier<AggregateTypes> types) {
        this.journal = journal;
        this.messages = messages;
        this.serializer = serializer;
        this.types = new Once<>(types);
    }

    /** Asks once; whoever comes at the same moment may ask too, and is answered the same. */
    private static final class Once<T> implements Supplier<T> {

        private final Supplier<T> source;
        private volatile @Nullable T known;

        Once(Supplier<T> source) {
            this.source = source;
        }

        @Override
        public T get() {
            T value = known;
            if (value == null) {
                value = source.get();
                known = value;
            }
            return value;
        }
    }

    /** An aggregate that exists, as one snapshot of the journal shows it. */
    private record Found(JournalHistory.Snapshot snapshot, String id, @Nullable String type, long last) {

        void forEach(long from, long to, Consumer<JournalRow> each) {
            snapshot.ofAggregate(id, from, row -> {
                Long sequence = row.sequence();
                if (sequence == null || sequence > to) {
                    return false;
                }
                each.accept(row);
                return sequence < to;
            });
        }
    }

    /**
     * What an aggregate looked like. An event that nobody can read any more is left out, and if a handler of the class throws the state is
     * that before its event; the notes say so.
     *
     * @throws NoSuchStateException if there is no such aggregate or no such point
     */
    public AggregateState at(String aggregateId, Point point) {
        return journal.ask(snapshot -> {
            Found found = find(snapshot, aggregateId);
            long sequence = sequence(found, point);
            try {
                return state(found, sequence, List.of());
            } catch (Walk.HandlerFailedException e) {
                String note = e.getMessage() + ": the state is that before it.";
                if (e.sequence() == 0) {
                    throw new NoSuchStateException(
                            "Aggregate " + aggregateId + " cannot be folded: " + e.getMessage() + ".");
                }
                return state(found, e.sequence() - 1, List.of(note));
            }
        });
    }

    private AggregateState state(Found found, long sequence, List<String> more) {
        Fold<?> fold = types.get().fold(found.type());
        Walk walk = new Walk(messages, serializer, fold);
        AggregateVersion[] version = new AggregateVersion[1];
        found.forEach(0, sequence, row -> version[0] = walk.step(row));
        List<String> notes = new ArrayList<>(walk.notes());
        if (fold == null) {
            notes.add(noClass(found) + ": its events are told as they are stored, but no state.");
        }
        notes.addAll(more);
        return new AggregateState(
                found.id(), found.type(), version[0], found.last(), walk.fields(), walk.isDeleted(), notes);
    }

    /**
     * A page of an aggregate's versions.
     *
     * @param from the sequence number to begin with
     * @param limit at most so many, 1 or more
     * @throws NoSuchStateException if there is no such aggregate, or {@code from} is beyond its last event
     */
    public AggregateVersions versions(String aggregateId, long from, int limit) {
        return journal.ask(snapshot -> {
            Found found = find(snapshot, aggregateId);
            long first = sequence(found, new Point.Sequence(from));
            Walk walk = new Walk(messages, serializer, null);
            List<AggregateVersion> versions = new ArrayList<>();
            found.forEach(first, Math.min(found.last(), first + limit - 1), row -> versions.add(walk.step(row)));
            long next = first + versions.size();
            return new AggregateVersions(found.id(), found.type(), versions, next > found.last() ? null : next);
        });
    }

    /**
     * What has changed between two points.
     *
     * @throws NoSuchStateException if there is no such aggregate, or one of the points is not there
     * @throws IllegalArgumentException if the second point is before the first one, there are more than {@link #MOST_EVENTS} events in
     *     between, or the aggregate cannot be folded up to the second point
     */
    public AggregateDifference between(String aggregateId, Point from, Point to) {
        return journal.ask(snapshot -> {
            Found found = find(snapshot, aggregateId);
            long first = sequence(found, from);
            long second = sequence(found, to);
            if (second < first) {
                throw new IllegalArgumentException("The second point, sequence " + second
                        + ", is before the first one, sequence " + first + ": ask the other way round");
            }
            if (second - first > MOST_EVENTS) {
                throw new IllegalArgumentException("There are " + (second - first) + " events between sequence " + first
                        + " and " + second + ", but " + MOST_EVENTS + " are the most: choose points that are nearer");
            }
            Fold<?> fold = types.get().fold(found.type());
            if (fold == null) {
                throw new IllegalArgumentException(noClass(found) + ": ask for its versions instead");
            }
            try {
                return difference(found, first, second, new Walk(messages, serializer, fold));
            } catch (Walk.HandlerFailedException e) {
                throw new IllegalArgumentException(e.getMessage() + ": choose points before it", e);
            }
        });
    }

    private AggregateDifference difference(Found found, long first, long second, Walk walk) {
        AggregateVersion[] version = new AggregateVersion[1];
        found.forEach(0, first, row -> version[0] = walk.step(row));
        AggregateVersion from = version[0];
        Map<String, JsonNode> before = Fields.of(walk.fields());
        List<AggregateDifference.Event> events = new ArrayList<>();
        Map<String, List<Long>> by = new HashMap<>();
        List<Map<String, JsonNode>> previous = new ArrayList<>(List.of(before));
        if (second > first) {
            found.forEach(first + 1, second, row -> {
                version[0] = walk.step(row);
                List<Long> now = List.of(version[0].sequence());
                Map<String, JsonNode> after = Fields.of(walk.fields());
                List<FieldChange> changes = Fields.changes(previous.set(0, after), after, path -> now);
                changes.forEach(change -> by.computeIfAbsent(change.field(), path -> new ArrayList<>())
                        .addAll(now));
                events.add(new AggregateDifference.Event(version[0], changes));
            });
        }
        return new AggregateDifference(
                found.id(),
                found.type(),
                from,
                version[0],
                Fields.changes(before, previous.get(0), path -> by.getOrDefault(path, List.of())),
                events,
                walk.notes());
    }

    private static Found find(JournalHistory.Snapshot snapshot, String aggregateId) {
        long last = snapshot.lastSequence(aggregateId)
                .orElseThrow(() -> new NoSuchStateException("There is no aggregate " + aggregateId
                        + " in this context: check the id, and ask the context that owns it."));
        String[] type = new String[1];
        snapshot.ofAggregate(aggregateId, 0, row -> {
            type[0] = row.aggregateType();
            return false;
        });
        return new Found(snapshot, aggregateId, type[0], last);
    }

    private static long sequence(Found found, Point point) {
        if (point instanceof Point.Time time) {
            return found.snapshot()
                    .lastSequence(found.id(), time.time())
                    .orElseThrow(() -> new NoSuchStateException("There was no aggregate " + found.id() + " at "
                            + time.time() + ": its first event occurred at " + firstTime(found) + "."));
        }
        if (point instanceof Point.Sequence sequence) {
            if (sequence.number() > found.last()) {
                throw new NoSuchStateException("Aggregate " + found.id() + " has no event " + sequence.number()
                        + ": its last one is " + found.last() + ".");
            }
            return sequence.number();
        }
        return found.last();
    }

    private static String firstTime(Found found) {
        String[] first = new String[1];
        found.forEach(0, 0, row -> first[0] = row.occurredAt().toString());
        return first[0];
    }

    private String noClass(Found found) {
        return "Aggregate " + found.id() + " is a " + found.type() + ", for which this program has no class (it has "
                + types.get().names() + ")";
    }
}
