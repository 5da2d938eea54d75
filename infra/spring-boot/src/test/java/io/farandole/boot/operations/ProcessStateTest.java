package io.farandole.boot.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.Decision;
import io.farandole.axon.ParkedDecision;
import io.farandole.axon.ParkedDecision.State;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcess.Status;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessStateTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REQUESTED | RETRYING | SKIP by ada was requested at 2026-11-22T10:00:00Z and has not been tried yet.",
                "IN_FLIGHT | RETRYING | SKIP by ada is being carried out at this moment.",
                "FAILED_AGAIN | RETRYING | SKIP by ada failed again (2 times), and is tried again by itself at 2026-11-22T10:00:00Z.",
                "FAILED_AGAIN | PARKED | SKIP by ada failed again (2 times): it waits for a person.",
                "RESOLVED | RETRYING | SKIP by ada has ended at this moment: look again."
            })
    void aDecisionThatStandsComesFirst(State state, Status status, String sentence) {
        assertThat(ProcessState.sentence(process(status, 10, "d-1"), List.of(decision(state))))
                .isEqualTo(sentence);
    }

    @Test
    void withoutOneItFailedAndWaits() {
        assertThat(ProcessState.sentence(process(Status.PARKED, 1, null), List.of()))
                .isEqualTo("Failed once: it waits for a person.");
        assertThat(ProcessState.sentence(process(Status.RETRYING, 3, null), List.of(decision(State.SUPERSEDED))))
                .isEqualTo("Failed 3 times, and is tried again by itself at 2026-11-22T10:00:00Z.");
        assertThat(ProcessState.sentence(process(Status.RETRYING, 3, "d-2"), List.of(decision(State.SUPERSEDED))))
                .contains("look again");
    }

    /** The failed event leaves the queue in one transaction, and the queue ends in another. */
    @Test
    void betweenItsEventsEndAndItsQueuesEndNothingHasFailed() {
        assertThat(ProcessState.sentence(process(Status.RETRYING, 0, null), List.of(decision(State.RESOLVED))))
                .isEqualTo("SKIP by ada was carried out at 2026-11-22T10:00:00Z."
                        + " What waits behind the event that had failed is handled now.");
        assertThat(ProcessState.sentence(process(Status.RETRYING, 0, null), List.of()))
                .isEqualTo("What waits behind the event that had failed is handled now.");
    }

    @Test
    void oneThatIsNotSetAsideTellsWhatEndedIt() {
        assertThat(ProcessState.sentence(null, List.of(decision(State.RESOLVED))))
                .isEqualTo("Not set aside any more: SKIP by ada was carried out at 2026-11-22T10:00:00Z.");
        assertThat(ProcessState.sentence(null, List.of(decision(State.SUPERSEDED))))
                .isEqualTo("Not set aside any more: its events have been handled.");
    }

    private static ParkedProcess process(Status status, int attempts, @Nullable String decisionId) {
        return new ParkedProcess(
                "p",
                "k",
                status,
                attempts,
                AT,
                AT,
                status == Status.PARKED ? null : AT,
                "e",
                "T",
                1,
                "E",
                "m",
                "f",
                1,
                decisionId);
    }

    private static ParkedDecision decision(State state) {
        return new ParkedDecision(
                "d-1", null, "p", "k", Decision.SKIP, "e", "T", 1, 1, "E", 10, "ada", "why", AT, state, 2, AT);
    }
}
