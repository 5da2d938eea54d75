package io.farandole.audit.recording;

import io.farandole.audit.state.AggregateFold;
import io.farandole.audit.whatif.ReplayedProcess;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.eventstore.JournalHistory;
import io.farandole.eventstore.JournalRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records processes of a journal, with what the sagas of today do with them in a replay. Reads only. Thread-safe. */
public final class ProcessRecorder {

    private final String context;
    private final JournalHistory journal;
    private final WhatIf whatIf;
    private final AggregateFold aggregates;
    private final Clock clock;

    /** A recorder of a context's processes. */
    public ProcessRecorder(
            String context, JournalHistory journal, WhatIf whatIf, AggregateFold aggregates, Clock clock) {
        this.context = context;
        this.journal = journal;
        this.whatIf = whatIf;
        this.aggregates = aggregates;
        this.clock = clock;
    }

    /**
     * Records a process; empty if the journal has no event of it.
     *
     * @param sagas those whose reactions are recorded too, as far as they start for it
     * @throws IllegalArgumentException if the process is too long, one of the sagas cannot be replayed, or throws at one of its events
     */
    public Optional<ProcessRecording> record(String processKey, List<SagaVersion<?>> sagas) {
        List<JournalRow> rows = journal.ask(
                snapshot -> snapshot.ofProcess(processKey, Long.MAX_VALUE, WhatIf.MOST_EVENTS_OF_A_PROCESS + 1));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<RecordedSaga> recorded = new ArrayList<>();
        for (SagaVersion<?> saga : sagas) {
            ReplayedProcess process = whatIf.replay(saga, processKey, rows);
            process.events().stream()
                    .filter(event -> event.failure() != null)
                    .findFirst()
                    .ifPresent(event -> {
                        throw new IllegalArgumentException("Saga " + saga.name() + " throws at event " + event.eventId()
                                + " of process " + processKey + " (" + event.failure()
                                + "): what it should do there nobody can record");
                    });
            if (process.started()) {
                recorded.add(RecordedSaga.of(saga.name(), process));
            }
        }
        return Optional.of(
                new ProcessRecording(context, processKey, clock.instant(), rows, recorded, aggregates(rows)));
    }

    private List<RecordedAggregate> aggregates(List<JournalRow> rows) {
        Map<String, List<JournalRow>> byId = new LinkedHashMap<>();
        for (JournalRow row : rows) {
            if (row.aggregateId() != null && row.sequence() != null) {
                byId.computeIfAbsent(row.aggregateId(), id -> new ArrayList<>()).add(row);
            }
        }
        List<RecordedAggregate> folded = new ArrayList<>();
        byId.forEach((id, events) -> {
            String type = events.get(0).aggregateType();
            if (type != null && isWhole(events)) {
                aggregates
                        .fold(type, events)
                        .ifPresent(state -> folded.add(new RecordedAggregate(id, type, events.size() - 1L, state)));
            }
        });
        return folded;
    }

    /** Whether all events of the aggregate are here, from the first one on: some may belong to other processes. */
    private static boolean isWhole(List<JournalRow> events) {
        for (int i = 0; i < events.size(); i++) {
            Long sequence = events.get(i).sequence();
            if (sequence == null || sequence != i) {
                return false;
            }
        }
        return true;
    }
}
