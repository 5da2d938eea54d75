package io.farandole.shop.order.registration;

import io.farandole.axon.Decision;
import io.farandole.axon.Intervention;
import io.farandole.axon.InterventionAnswer;
import io.farandole.axon.ParkedDecision;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people have decided about mails that failed. Joins the caller's transaction; thread-safe. */
class OperatorDecisions {

    private static final Logger log = LoggerFactory.getLogger(OperatorDecisions.class);

    private final ParkedProcesses parked;

    OperatorDecisions(ParkedProcesses parked) {
        this.parked = parked;
    }

    /** Whether somebody has had this failure tried again, which means that the mail is to be sent again. */
    boolean wantsAgain(String customerId, String failedEventId) {
        return parked.decisions(WelcomeMail.GROUP, customerId).stream()
                .findFirst()
                .filter(decision -> decision.decision() == Decision.RETRY)
                .filter(decision -> decision.eventId().equals(failedEventId))
                .filter(decision -> decision.state() != ParkedDecision.State.SUPERSEDED)
                .isPresent();
    }

    /** Lets a process go on whose failure has become history: what waits behind it is another round of the same mail. */
    void goOn(String customerId, String by, String reason) {
        parked.find(WelcomeMail.GROUP, customerId)
                .filter(process -> process.status() == ParkedProcess.Status.PARKED)
                .ifPresent(process -> {
                    InterventionAnswer answer = parked.intervene(new Intervention(
                            WelcomeMail.GROUP, customerId, process.failedEventId(), Decision.RETRY, by, reason));
                    log.info("The welcome mail of customer {} goes on: {}", customerId, answer.outcome());
                });
    }
}
