package io.farandole.cli;

import io.farandole.cli.ExchangeDifference.Kind;
import io.farandole.cli.Witness.Counted;
import io.farandole.cli.Witness.Event;
import io.farandole.cli.Witness.Heard;
import io.farandole.cli.Witness.Overview;
import io.farandole.cli.Witness.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a producer has published with what one follower has received: digests of ranges first, then of parts of those that differ, then
 * the events of what is small enough. What seems to be missing is asked for again, by its id, before it is named: it may have arrived meanwhile.
 */
final class PairComparison {

    private static final int PARTS = 256;
    private static final int FEW = 1_000;
    private static final long WIDEST = 1_000_000;
    private static final int IDS = 100;

    private final Witness producer;
    private final Witness follower;
    private final Overview told;
    private final Rules rules;
    private final List<Counted> counted = new ArrayList<>();
    private final List<ExchangeDifference> differences = new ArrayList<>();
    private final Set<String> named = new HashSet<>();
    private final Map<String, Event> lacking = new LinkedHashMap<>();
    private final Map<String, Event> foreign = new LinkedHashMap<>();
    private long events;
    private long before;
    private long underway;
    private int more;

    /**
     * How it is compared.
     *
     * @param from the producer's first position that counts; null for the follower's first event of each type
     * @param within what is younger may still be on its way
     * @param most so many differences are named
     * @param patience waits a moment, for what is on its way
     */
    record Rules(@Nullable Long from, Duration within, int most, Runnable patience) {}

    /** {@code told} is what the producer has told of itself; everything up to the position that it names is compared. */
    PairComparison(Witness producer, Overview told, Witness follower, Rules rules) {
        this.producer = producer;
        this.told = told;
        this.follower = follower;
        this.rules = rules;
    }

    PairReport compare() {
        Overview hearing = follower.overview();
        Map<String, Heard> heard = new HashMap<>();
        hearing.heard().stream()
                .filter(it -> it.source().equals(producer.context()))
                .forEach(it -> heard.put(it.type(), it));
        new TreeMap<>(told.publishes()).forEach((type, followers) -> {
            if (followers.contains(follower.context())) {
                count(type, heard.get(type));
            }
        });
        long first = counted.stream().mapToLong(Counted::from).min().orElse(Long.MAX_VALUE);
        for (long from = Math.max(0, first - 1); from < told.published(); from += WIDEST) {
            compare(from, Math.min(told.published(), from + WIDEST), true);
        }
        settle();
        follower.overtaken(producer.context(), rules.most())
                .forEach(event -> name(new ExchangeDifference(
                        Kind.OVERTAKEN,
                        event.position(),
                        event.eventId(),
                        event.type(),
                        event.processKey(),
                        follower.context() + " received it after #" + event.after() + " of the same process")));
        return new PairReport(producer.context(), follower.context(), events, before, underway, more, differences);
    }

    private void count(String type, @Nullable Heard heard) {
        Long from = rules.from();
        if (from != null) {
            counted.add(new Counted(type, from));
        } else if (heard != null) {
            counted.add(new Counted(type, heard.first()));
            before += published(type, heard.first() - 1);
        } else {
            neverHeard(type);
        }
    }

    /** Its first event tells whether the follower should have heard of the type by now. */
    private void neverHeard(String type) {
        List<Counted> all = List.of(new Counted(type, 0));
        for (long from = 0; from < told.published(); from += WIDEST) {
            long to = Math.min(told.published(), from + WIDEST);
            List<Range> ranges = producer.digests(null, all, from, to, PARTS);
            if (!ranges.isEmpty()) {
                Event oldest = producer.events(
                                null, all, ranges.get(0).from(), ranges.get(0).to())
                        .get(0);
                if (isYoung(oldest)) {
                    counted.add(new Counted(type, oldest.position()));
                } else {
                    name(new ExchangeDifference(
                            Kind.NEVER_HEARD,
                            oldest.position(),
                            oldest.eventId(),
                            type,
                            oldest.processKey(),
                            follower.context() + " follows the type and has received none of "
                                    + published(type, told.published()) + "; this is the first one"));
                }
                return;
            }
        }
    }

    private long published(String type, long upTo) {
        long sum = 0;
        for (long from = 0; from < upTo; from += WIDEST) {
            sum +=
                    producer
                            .digests(null, List.of(new Counted(type, 0)), from, Math.min(upTo, from + WIDEST), 1)
                            .stream()
                            .mapToLong(Range::events)
                            .sum();
        }
        return sum;
    }

    private void compare(long from, long to, boolean counting) {
        Map<Long, Range> sent = byStart(producer.digests(null, counted, from, to, PARTS));
        Map<Long, Range> received = byStart(follower.digests(producer.context(), counted, from, to, PARTS));
        if (counting) {
            events += sent.values().stream().mapToLong(Range::events).sum();
        }
        Set<Long> starts = new TreeSet<>(sent.keySet());
        starts.addAll(received.keySet());
        for (long start : starts) {
            Range one = sent.get(start);
            Range other = received.get(start);
            if (one == null || !one.equals(other)) {
                lookInto(one, other);
            }
        }
    }

    private static Map<Long, Range> byStart(List<Range> ranges) {
        Map<Long, Range> byStart = new HashMap<>();
        ranges.forEach(range -> byStart.put(range.from(), range));
        return byStart;
    }

    private void lookInto(@Nullable Range sent, @Nullable Range received) {
        Range range = sent == null ? received : sent;
        if (range == null) {
            return;
        }
        if (differences.size() + lacking.size() + foreign.size() >= rules.most()) {
            more++;
            return;
        }
        long most = Math.max(sent == null ? 0 : sent.events(), received == null ? 0 : received.events());
        if (most > FEW && range.to() - range.from() > 1) {
            compare(range.from(), range.to(), false);
        } else {
            compareEvents(range.from(), range.to());
        }
    }

    private void compareEvents(long from, long to) {
        Map<String, Event> received = new LinkedHashMap<>();
        follower.events(producer.context(), counted, from, to).forEach(event -> received.put(event.eventId(), event));
        for (Event event : producer.events(null, counted, from, to)) {
            Event same = received.remove(event.eventId());
            if (same == null) {
                lacking.put(event.eventId(), event);
            } else {
                compare(event, same);
            }
        }
        foreign.putAll(received);
    }

    private void compare(Event sent, Event received) {
        List<String> different = new ArrayList<>();
        if (!Objects.equals(received.type(), sent.type())) {
            different.add("type (" + sent.type() + " there, " + received.type() + " here)");
        }
        if (!sent.processKey().equals(received.processKey())) {
            different.add("process key (" + sent.processKey() + " there, " + received.processKey() + " here)");
        }
        if (!sent.body().equals(received.body())) {
            different.add("body");
        }
        if (sent.position() != received.position()) {
            different.add("position (" + sent.position() + " there, " + received.position() + " here)");
        }
        if (!different.isEmpty()) {
            name(ExchangeDifference.of(
                    Kind.CHANGED, received, "published and received differ in " + String.join(", ", different)));
        }
    }

    /** What only one side has is asked for by its id: nothing is named that is there after all. */
    private void settle() {
        if (lacking.isEmpty() && foreign.isEmpty()) {
            return;
        }
        rules.patience().run();
        // Of another type, or at another position, than it was looked for at.
        among(producer, null, foreign.keySet()).forEach(known -> {
            Event received = foreign.remove(known.eventId());
            if (received != null) {
                compare(known, received);
                lacking.remove(known.eventId());
            }
        });
        among(follower, producer.context(), lacking.keySet()).forEach(arrived -> {
            Event sent = lacking.remove(arrived.eventId());
            if (sent != null) {
                compare(sent, arrived);
            }
        });
        long last = lacking.isEmpty() ? 0 : lastHeard();
        lacking.values().forEach(event -> judge(event, last));
        foreign.values()
                .forEach(event -> name(ExchangeDifference.of(
                        Kind.UNKNOWN,
                        event,
                        follower.context() + " has received it, and " + producer.context()
                                + "'s journal does not hold it")));
    }

    private static List<Event> among(Witness witness, @Nullable String source, Set<String> ids) {
        List<Event> found = new ArrayList<>();
        List<String> all = new ArrayList<>(ids);
        for (int begin = 0; begin < all.size(); begin += IDS) {
            found.addAll(witness.events(source, all.subList(begin, Math.min(all.size(), begin + IDS))));
        }
        return found;
    }

    private long lastHeard() {
        return follower.overview().heard().stream()
                .filter(it -> it.source().equals(producer.context()))
                .mapToLong(Heard::last)
                .max()
                .orElse(0);
    }

    private void judge(Event event, long last) {
        if (isYoung(event)) {
            underway++;
        } else if (event.position() < last) {
            name(ExchangeDifference.of(
                    Kind.MISSING,
                    event,
                    follower.context() + " has not received it, though it has received later ones; published by "
                            + event.recordedAt()));
        } else {
            name(ExchangeDifference.of(
                    Kind.OVERDUE,
                    event,
                    follower.context() + " has not received it, nor anything later; committed at "
                            + event.recordedAt()));
        }
    }

    private boolean isYoung(Event event) {
        return Duration.between(event.recordedAt(), told.now()).compareTo(rules.within()) < 0;
    }

    private void name(ExchangeDifference difference) {
        if (named.add(difference.kind() + " " + difference.eventId())) {
            differences.add(difference);
        }
    }
}
