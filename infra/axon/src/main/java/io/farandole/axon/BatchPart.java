package io.farandole.axon;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;

/**
 * A run of events of a batch that is tried in one transaction, with the token to store at its end. Its smallest unit is
 * the events of one position (upcasting may make several of one): they share a token and cannot be divided.
 */
record BatchPart(List<List<EventMessage<?>>> positions, TrackingToken token) {

    static BatchPart of(List<? extends EventMessage<?>> events, TrackingToken token) {
        List<List<EventMessage<?>>> positions = new ArrayList<>();
        for (EventMessage<?> event : events) {
            if (!positions.isEmpty()
                    && tokenOf(positions.get(positions.size() - 1).get(0)).equals(tokenOf(event))) {
                positions.get(positions.size() - 1).add(event);
            } else {
                positions.add(new ArrayList<>(List.of(event)));
            }
        }
        return new BatchPart(positions, token);
    }

    boolean isSingle() {
        return positions.size() == 1;
    }

    List<EventMessage<?>> events() {
        return positions.stream().flatMap(List::stream).toList();
    }

    EventMessage<?> first() {
        return positions.get(0).get(0);
    }

    EventMessage<?> last() {
        return positions.get(positions.size() - 1).get(0);
    }

    /** What is before the position at an index, that position alone, and what is behind it. */
    List<BatchPart> isolating(int index) {
        List<BatchPart> parts = new ArrayList<>(3);
        addRange(parts, 0, index);
        addRange(parts, index, index + 1);
        addRange(parts, index + 1, positions.size());
        return parts;
    }

    /** Two halves. */
    List<BatchPart> halves() {
        List<BatchPart> parts = new ArrayList<>(2);
        addRange(parts, 0, positions.size() / 2);
        addRange(parts, positions.size() / 2, positions.size());
        return parts;
    }

    /** This, and what comes behind it. */
    BatchPart followedBy(Collection<BatchPart> others) {
        List<List<EventMessage<?>>> all = new ArrayList<>(positions);
        TrackingToken end = token;
        for (BatchPart other : others) {
            all.addAll(other.positions);
            end = other.token;
        }
        return new BatchPart(all, end);
    }

    /** The first so many positions. */
    BatchPart first(int count) {
        return range(0, count);
    }

    /** What begins at an index. */
    BatchPart from(int index) {
        return range(index, positions.size());
    }

    /** The position at an index alone. */
    BatchPart only(int index) {
        return range(index, index + 1);
    }

    private void addRange(List<BatchPart> parts, int from, int to) {
        if (from < to) {
            parts.add(range(from, to));
        }
    }

    private BatchPart range(int from, int to) {
        // The last token of all may be ahead of the last event: it covers events that nobody here handles.
        TrackingToken end =
                to == positions.size() ? token : tokenOf(positions.get(to - 1).get(0));
        return new BatchPart(positions.subList(from, to), end);
    }

    private static TrackingToken tokenOf(EventMessage<?> event) {
        if (event instanceof TrackedEventMessage<?> tracked) {
            return Objects.requireNonNull(tracked.trackingToken());
        }
        throw new IllegalStateException("Event " + event.getIdentifier() + " does not come from a journal");
    }
}
