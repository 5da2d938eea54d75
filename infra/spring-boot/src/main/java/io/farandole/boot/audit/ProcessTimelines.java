package io.farandole.boot.audit;

import io.farandole.audit.timeline.ProcessHistories;
import io.farandole.audit.timeline.ProcessHistory;
import io.farandole.audit.timeline.Timeline;
import io.farandole.audit.timeline.Timeline.Missing;
import io.farandole.audit.timeline.Timelines;
import io.farandole.boot.status.OtherContexts;
import io.farandole.boot.status.OtherContexts.Answers;
import io.farandole.boot.status.OtherContexts.Asked;
import io.farandole.boot.status.ProcessOverview;
import io.farandole.boot.status.ProcessOverviews;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks this context, and all others at once, what happened to a process and where it stands. What a context that gives no answer did is there
 * as far as the others have heard of it. Thread-safe.
 */
public final class ProcessTimelines {

    private final ProcessHistories own;
    private final ProcessOverviews overviews;
    private final OtherContexts others;

    ProcessTimelines(ProcessHistories own, ProcessOverviews overviews, OtherContexts others) {
        this.own = own;
        this.overviews = overviews;
        this.others = others;
    }

    /**
     * What happened to a process, as far as contexts answer; waits for the slowest one, for as long as one may take.
     *
     * @throws org.springframework.dao.DataAccessException if this context's database cannot be reached
     */
    public Timeline of(String processKey) {
        Asked<ProcessHistory> asked = others.ask("history", processKey, ProcessHistory.class);
        List<ProcessHistory> histories = new ArrayList<>();
        histories.add(own.of(processKey));
        ProcessOverview overview = overviews.of(processKey);
        Answers<ProcessHistory> answers = asked.answers();
        histories.addAll(answers.told());
        List<Missing> missing = answers.missing().stream()
                .map(it -> new Missing(it.context(), it.reason()))
                .toList();
        return Timelines.merge(processKey, histories, overview.contexts(), missing);
    }
}
