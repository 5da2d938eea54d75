package io.farandole.boot.operations;

import io.farandole.axon.ParkedDecision;
import io.farandole.axon.ParkedDecision.State;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcess.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How things are with a process, as a sentence. Pure. */
final class ProcessState {

    private ProcessState() {}

    /**
     * For one that is set aside, or about which something was decided.
     *
     * @param process null if it is not set aside
     * @param decisions newest first
     */
    static String sentence(@Nullable ParkedProcess process, List<ParkedDecision> decisions) {
        if (process == null) {
            return "Not set aside any more" + (decisions.isEmpty() ? "." : ": " + ended(decisions.get(0)));
        }
        String decisionId = process.decisionId();
        if (decisionId != null) {
            return decisions.stream()
                    .filter(decision -> decision.id().equals(decisionId))
                    .findFirst()
                    .map(decision -> decided(decision, process))
                    .orElse("A decision was made about it at this moment: look again.");
        }
        if (process.attempts() == 0) {
            // The event at which it failed has left the queue, and the queue ends, or goes on, in another transaction.
            return (decisions.isEmpty() ? "" : carriedOut(decisions.get(0)))
                    + "What waits behind the event that had failed is handled now.";
        }
        return "Failed " + times(process.attempts()) + next(process);
    }

    private static String carriedOut(ParkedDecision latest) {
        return latest.state() == State.RESOLVED
                ? latest.decision() + " by " + latest.by() + " was carried out at " + latest.endedAt() + ". "
                : "";
    }

    /** Who moves next, after a failure. */
    private static String next(ParkedProcess process) {
        if (process.status() == Status.PARKED) {
            return ": it waits for a person.";
        }
        return process.nextAttemptAt() == null
                ? ", and is tried again by itself."
                : ", and is tried again by itself at " + process.nextAttemptAt() + ".";
    }

    private static String ended(ParkedDecision latest) {
        String carriedOut = carriedOut(latest).strip();
        return carriedOut.isEmpty() ? "its events have been handled." : carriedOut;
    }

    private static String decided(ParkedDecision decision, ParkedProcess process) {
        String what = decision.decision() + " by " + decision.by();
        return switch (decision.state()) {
            case REQUESTED -> what + " was requested at " + decision.decidedAt() + " and has not been tried yet.";
            case IN_FLIGHT -> what + " is being carried out at this moment.";
            case FAILED_AGAIN -> what + " failed again (" + times(decision.failedAttempts()) + ")" + next(process);
            case RESOLVED, SUPERSEDED -> what + " has ended at this moment: look again.";
        };
    }

    private static String times(int number) {
        return number == 1 ? "once" : number + " times";
    }
}
