package io.farandole.acceptance.patterns;

import static io.farandole.testservers.Patience.await;

import io.farandole.rabbitmq.RelaySettings;
import io.farandole.rabbitmq.RelayStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * From a committed change to the bus: the commit itself wakes the relay. Journal and relay look for new events only once an hour
 * here, so whatever arrives was not found by polling. How long it takes, {@code infra/bench.sh relay} measures.
 */
class ChangeDataToBusIT {

    private static final Duration NEVER = Duration.ofHours(1);

    @Test
    void theCommitWakesTheRelayWhichNeedNotPoll() {
        RelaySettings usual = RelaySettings.defaults();
        RelaySettings withoutPolling = new RelaySettings(
                usual.window(),
                usual.readAhead(),
                usual.confirmTimeout(),
                NEVER,
                NEVER,
                usual.saveEvery(),
                usual.saveInterval(),
                usual.bindingCheckInterval(),
                usual.initialBackOff(),
                usual.maxBackOff(),
                usual.leaseRetry(),
                usual.stopTimeout());
        try (Line line = new Line(Line.edgeSettings().polling(NEVER, NEVER), withoutPolling)) {
            await().until(() -> line.relay() == RelayStatus.State.RELAYING);
            for (int number = 1; number <= 50; number++) {
                long expected = number;
                line.take(List.of(Line.reading("sensor", number)));
                await().pollInterval(Duration.ofMillis(5)).until(() -> line.received() == expected);
            }
        }
    }
}
