package io.farandole.axon;

import io.farandole.axon.PartAttempts.Outcome;
import io.farandole.axon.PartAttempts.SetAside;
import io.farandole.axon.PartAttempts.Try;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a segment does while its processor is braked ({@link OutageBrake}) and the event at hand fails: it finds out whether others fail
 * too. {@link BatchRun} tries the event at hand again after each {@link #round}.
 *
 * <p><b>The rule</b>: while the brake is on, processes are set aside only in a transaction that also handles an event of another process. So
 * as long as everything fails, nothing is set aside, whatever is tried; and as soon as one gets through, those before it that
 * do not are out of its way. Three steps:
 *
 * <ol>
 *   <li><em>Ask others.</em> The first events of the next processes, {@value #PROBES} per round, are rehearsed: handled and rolled back.
 *       The next round goes on with the processes behind them, and begins anew at the end of what there is, or after {@value
 *       #LOOK_AHEAD} events: a broken collaborator meets few calls at a time, and yet a long row of poisoned processes is
 *       passed over by and by. Where the batch ends, the journal is read on, in its own gap-safe order: a batch may be one event.
 *   <li><em>Ask again.</em> Had a rehearsal gone well, everything before it is rehearsed again, in order: the trouble may have ended in
 *       between. What goes well now is the one to get through; what fails now has failed after another one went well.
 *   <li><em>Get through.</em> One transaction sets those aside that failed again, queues their events up to here, handles
 *       the one, and moves the token behind it. It is a batch like any other, with the same guarantees: all or nothing, in
 *       order per process (every event up to the token is handled, queued, or of another segment), fenced by the token.
 * </ol>
 *
 * <p>Five poisoned processes in a row among healthy ones: the fifth turns the brake on, the next healthy one is rehearsed, and the fifth is set
 * aside together with its success. If <em>all</em> that is left is poisoned, the brake stays on, until one of them is mended or a
 * healthy one is appended; nothing is lost, for nothing has moved. A rehearsal that lies (what it would have written is refused by
 * the commit only) costs a transaction that fails as a whole.
 *
 * <p>What was handled ahead of the work package is delivered to it later nevertheless; the next batches leave it out, as the
 * stored token says. Nothing here is needed after a crash. For one batch, used by one thread.
 */
final class Probes {

    private static final Logger log = LoggerFactory.getLogger(Probes.class);

    private static final int PROBES = 16;
    private static final int LOOK_AHEAD = 1_000;

    /** Events of all segments that are read to find so many of this one. */
    private static final int MOST_READ = 4_000;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    private final ParkingEventProcessor processor;
    private final ParkingEventProcessor.Parts parts;
    private final Segment segment;
    private final PartAttempts attempts;
    private final Set<String> asked = new HashSet<>();
    private long atHand = -1;
    private int rounds;

    Probes(ParkingEventProcessor processor, ParkingEventProcessor.Parts parts, Segment segment, PartAttempts attempts) {
        this.processor = processor;
        this.parts = parts;
        this.segment = segment;
        this.attempts = attempts;
    }

    /**
     * Asks others, and waits if none gets through.
     *
     * @param batch the event at hand, which has just failed alone while the brake was on, and what is left of its batch
     * @return what is left of the batch now; begins with the event at hand if that is to be tried again
     * @throws Exception the failure, if the processor is asked to stop
     */
    List<BatchPart> round(BatchPart batch, Exception failure) throws Exception {
        long position = BatchAttempt.positionOf(batch.first());
        if (position != atHand) {
            atHand = position;
            rounds = 0;
            asked.clear();
        }
        asked.addAll(keysAt(batch, 0));
        parts.brake().confirm();
        BatchPart seen = extended(batch);
        int through = firstThrough(seen);
        if (through > 0) {
            int handled = getThrough(seen, through);
            if (handled >= 0) {
                return left(batch, seen, handled);
            }
        }
        if (parts.brake().own().isStoppedWithin(nextWait())) {
            throw failure;
        }
        return batch.isolating(0);
    }

    private List<BatchPart> left(BatchPart batch, BatchPart seen, int handled) {
        if (handled + 1 < batch.positions().size()) {
            return List.of(batch.from(handled + 1));
        }
        processor
                .ahead()
                .upTo(
                        segment.getSegmentId(),
                        BatchAttempt.positionOf(seen.positions().get(handled).get(0)));
        return List.of();
    }

    private Duration nextWait() {
        Duration wait = SHORTEST_WAIT.multipliedBy(1L << Math.min(rounds++, 20));
        Duration longest = parts.settings().brakeWait();
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** The index of an event of another process whose rehearsal went well; -1 if this round found none. */
    private int firstThrough(BatchPart seen) throws Exception {
        int probes = 0;
        for (int i = 1; i < seen.positions().size(); i++) {
            Set<String> keys = keysAt(seen, i);
            // Only the first event of a process can be asked: the later ones come after it.
            boolean isNew = !keys.isEmpty() && Collections.disjoint(keys, asked);
            if (isNew && (probes++ == PROBES || !parts.brake().own().isOn())) {
                return -1;
            }
            asked.addAll(keys);
            if (isNew && attempts.rehearse(seen.only(i)).outcome() == Outcome.THROUGH) {
                return i;
            }
        }
        asked.clear();
        return -1;
    }

    /** @return the index of the event that was handled; what was before it is set aside now; -1 if none was */
    private int getThrough(BatchPart seen, int last) throws Exception {
        Map<String, SetAside> aside = new LinkedHashMap<>();
        for (int i = 0; i <= last; i++) {
            if (aside.keySet().containsAll(keysAt(seen, i))) {
                continue;
            }
            Try tried = attempts.rehearse(seen.only(i));
            if (tried.outcome() == Outcome.THROUGH) {
                tried = attempts.together(seen.first(i + 1), aside);
            }
            Throwable thrown = tried.thrown();
            switch (tried.outcome()) {
                case THROUGH -> {
                    return i;
                }
                case FAILED -> {
                    if (thrown != null) {
                        aside.putAll(attempts.setAside(seen.positions().get(i), thrown, true));
                    }
                }
                case UNKNOWN -> {
                    return -1;
                }
                case NOTHING -> log.debug("All of position {} of the look-ahead is queued already", i);
            }
        }
        return -1;
    }

    private Set<String> keysAt(BatchPart part, int index) {
        return attempts.keys(part.positions().get(index));
    }

    /** With what follows the batch in the journal, as far as it is there and of this segment. */
    private BatchPart extended(BatchPart batch) throws InterruptedException {
        List<EventMessage<?>> events = new ArrayList<>();
        TrackingToken token = batch.token();
        TrackingToken end = token;
        try (BlockingStream<TrackedEventMessage<?>> stream = parts.journal().openStream(token)) {
            int size = batch.positions().size();
            for (int read = 0; read < MOST_READ && size < LOOK_AHEAD; read++) {
                if (!stream.hasNextAvailable(0, TimeUnit.MILLISECONDS)) {
                    break;
                }
                TrackedEventMessage<?> next = stream.nextAvailable();
                TrackingToken advanced = WrappedToken.advance(token, next.trackingToken());
                EventMessage<?> event = next.withTrackingToken(advanced);
                if (parts.invoker().canHandle(event, segment)) {
                    events.add(event);
                    end = advanced;
                    size++;
                }
                token = advanced;
            }
        } catch (RuntimeException e) {
            if (FailureKind.of(e) != FailureKind.OUTAGE) {
                throw e;
            }
            log.debug("Processor {} cannot look ahead; its next attempt waits for the database", parts.name(), e);
            return batch;
        }
        return events.isEmpty() ? batch : batch.followedBy(List.of(BatchPart.of(events, end)));
    }
}
