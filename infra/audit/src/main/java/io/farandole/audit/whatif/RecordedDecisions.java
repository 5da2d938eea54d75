package io.farandole.audit.whatif;

import io.farandole.axon.Decision;
import io.farandole.axon.InterventionApplied;
import io.farandole.axon.InterventionDecided;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What people have decided about a process in one processor, as far as it was carried out. Used by one thread. */
final class RecordedDecisions {

    private final String processor;
    private final List<InterventionDecided> decided = new ArrayList<>();
    private final Set<String> applied = new HashSet<>();

    RecordedDecisions(String processor) {
        this.processor = processor;
    }

    /** Takes note of an event of the journal, if it tells of a decision. */
    void add(Object payload) {
        if (payload instanceof InterventionDecided decision
                && decision.processor().equals(processor)) {
            decided.add(decision);
        } else if (payload instanceof InterventionApplied application
                && application.processor().equals(processor)) {
            applied.add(application.decisionId());
        }
    }

    /** The decision by which the event at a position was left out; empty if it was not. */
    Optional<InterventionDecided> about(long position) {
        return decided.stream()
                .filter(decision -> applied.contains(decision.decisionId()))
                .filter(decision -> decision.decision() != Decision.RETRY)
                .filter(decision -> decision.position() <= position && position <= decision.lastPosition())
                .findFirst();
    }
}
