package io.farandole.boot.status;

import io.farandole.boot.status.OtherContexts.Answers;
import io.farandole.boot.status.OtherContexts.Asked;
import io.farandole.boot.status.ProcessOverview.Awaited;
import io.farandole.boot.status.ProcessOverview.Missing;
import io.farandole.saga.status.ProcessStatus;
import io.farandole.saga.status.ProcessStatuses;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks this context, and all others at once, where a process stands. One that does not answer in time, or not so that it can be
 * understood, is named as missing; the others' answers stand. Thread-safe.
 */
public final class ProcessOverviews {

    private final ProcessStatuses own;
    private final OtherContexts others;

    ProcessOverviews(ProcessStatuses own, OtherContexts others) {
        this.own = own;
        this.others = others;
    }

    /** Where a process stands; waits for the slowest context, for as long as one may take. */
    public ProcessOverview of(String processKey) {
        Asked<ProcessStatus> asked = others.ask("process", processKey, ProcessStatus.class);
        ProcessStatus here = own.of(processKey);
        Answers<ProcessStatus> answers = asked.answers();
        List<ProcessStatus> known = Stream.concat(Stream.of(here), answers.told().stream())
                .filter(ProcessStatus::isKnown)
                .toList();
        return new ProcessOverview(
                processKey,
                known,
                answers.missing().stream()
                        .map(it -> new Missing(it.context(), it.reason()))
                        .toList(),
                known.stream().flatMap(it -> awaited(it).stream()).toList());
    }

    private static List<Awaited> awaited(ProcessStatus status) {
        return status.sagas().stream()
                .flatMap(saga -> saga.steps().stream()
                        .filter(step -> !step.awaits().isEmpty())
                        .map(step -> new Awaited(
                                status.context(),
                                saga.saga(),
                                step.step(),
                                step.awaits(),
                                step.deadline(),
                                step.overdue())))
                .toList();
    }
}
