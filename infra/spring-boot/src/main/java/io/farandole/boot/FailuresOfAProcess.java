package io.farandole.boot;

import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import io.farandole.axon.ParkedQuery;
import io.farandole.saga.status.ProcessStatus.FailureLine;
import java.util.List;

/** Where a process is set aside, as its status tells it. */
final class FailuresOfAProcess {

    private FailuresOfAProcess() {}

    static List<FailureLine> in(ParkedProcesses parked, String processKey) {
        return parked.list(ParkedQuery.ALL.withProcessKey(processKey)).processes().stream()
                .map(FailuresOfAProcess::line)
                .toList();
    }

    private static FailureLine line(ParkedProcess process) {
        return new FailureLine(
                process.processor(),
                process.status().name(),
                process.attempts(),
                process.failedEventId(),
                process.failedEventType(),
                process.errorClass(),
                process.firstFailedAt(),
                process.nextAttemptAt(),
                process.waitingEvents());
    }
}
