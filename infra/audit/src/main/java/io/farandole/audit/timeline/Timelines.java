package io.farandole.audit.timeline;

import io.farandole.audit.timeline.Timeline.Aggregate;
import io.farandole.audit.timeline.Timeline.Entry;
import io.farandole.audit.timeline.Timeline.Heard;
import io.farandole.audit.timeline.Timeline.Missing;
import io.farandole.saga.status.ProcessStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Merges what contexts tell of a process. An event that several of them tell of is one; its own context's word about it counts, and
 * the others tell when they heard of it. Pure functions.
 */
public final class Timelines {

    private Timelines() {}

    /**
     * One timeline of several histories.
     *
     * @param histories one per context that answered
     * @param standing where the process stands, of those that answered
     * @param missing those that did not answer
     */
    public static Timeline merge(
            String processKey, List<ProcessHistory> histories, List<ProcessStatus> standing, List<Missing> missing) {
        Map<CausalOrder.Id, HistoryEvent> told = new LinkedHashMap<>();
        Map<CausalOrder.Id, List<Heard>> heard = new HashMap<>();
        for (ProcessHistory history : histories) {
            for (HistoryEvent event : history.events()) {
                CausalOrder.Id id = new CausalOrder.Id(event.source(), event.eventId());
                told.merge(id, event, (before, now) -> now.own() ? now : before);
                if (!event.own()) {
                    heard.computeIfAbsent(id, it -> new ArrayList<>())
                            .add(new Heard(
                                    history.context(),
                                    event.position(),
                                    event.recordedAt(),
                                    Duration.between(event.occurredAt(), event.recordedAt())));
                }
            }
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, Entry> byEventId = new HashMap<>();
        for (CausalOrder.Id id : CausalOrder.of(histories)) {
            HistoryEvent event = told.get(id);
            if (event != null) {
                Entry cause = event.causationId() == null ? null : byEventId.get(event.causationId());
                List<Heard> hearers = heard.getOrDefault(id, new ArrayList<>());
                hearers.sort(Comparator.comparing(Heard::at).thenComparing(Heard::context));
                Entry entry = entry(event, cause, hearers);
                entries.add(entry);
                byEventId.putIfAbsent(entry.eventId(), entry);
            }
        }
        TreeSet<String> related = new TreeSet<>();
        histories.forEach(history -> related.addAll(history.related()));
        return new Timeline(
                processKey,
                entries,
                standing.stream().filter(ProcessStatus::isKnown).toList(),
                missing,
                histories.stream()
                        .filter(ProcessHistory::cut)
                        .map(ProcessHistory::context)
                        .toList(),
                List.copyOf(related));
    }

    private static Entry entry(HistoryEvent event, @Nullable Entry cause, List<Heard> hearers) {
        Long sequence = event.sequence();
        String aggregateId = event.aggregateId();
        return new Entry(
                event.source(),
                event.eventId(),
                event.type(),
                event.version(),
                event.wireType(),
                sequence == null || aggregateId == null
                        ? null
                        : new Aggregate(event.aggregateType(), aggregateId, sequence),
                event.command(),
                cause == null ? null : cause.eventId(),
                cause == null ? 0 : cause.depth() + 1,
                event.occurredAt(),
                cause == null ? null : Duration.between(cause.occurredAt(), event.occurredAt()),
                hearers);
    }
}
