package io.farandole.acceptance.patterns;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.eventstore.JournalEntry;
import io.farandole.rabbitmq.RelaySettings;
import io.farandole.rabbitmq.RelayStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Store and forward at the edge: the network is gone, work goes on locally, and is sent in batches when it is back; nothing is lost, and each
 * process's events arrive in order.
 */
class StoreAndForwardIT {

    private static final int SENSORS = 500;
    private static final int READINGS = 200;

    @Test
    void aBacklogOfAHundredThousandEventsIsDrainedInOrderWhenTheNetworkIsBack() {
        try (Line line = new Line(Line.edgeSettings(), RelaySettings.defaults())) {
            line.take(List.of(Line.reading("before", 1)));
            await().until(() -> line.received() == 1);
            line.network().refuse();
            for (int number = 1; number <= READINGS; number++) {
                List<JournalEntry> readings = new ArrayList<>(SENSORS);
                for (int sensor = 0; sensor < SENSORS; sensor++) {
                    readings.add(Line.reading("sensor-" + sensor, number));
                }
                line.take(readings);
            }
            assertThat(line.relay()).isNotEqualTo(RelayStatus.State.RELAYING);
            assertThat(line.received()).isEqualTo(1);

            line.network().heal();
            // Cut off once more in the middle: what was not confirmed is sent again.
            await().until(() -> line.received() > SENSORS * READINGS / 3);
            line.network().cut();
            long all = 1L + SENSORS * READINGS;
            await().atMost(Duration.ofMinutes(4)).until(() -> line.received() >= all);

            assertThat(line.received()).as("each once").isEqualTo(all);
            assertThat(line.ofTheCentre()
                            .queryForObject(
                                    "select count(*) from (select sequence, source_sequence, row_number() over (partition by process_key order by position)"
                                            + " as arrived, (payload::json ->> 'number')::bigint as number from farandole.journal where not own) r"
                                            + " where arrived <> number",
                                    Long.class))
                    .as("events that did not arrive in the order of their sensor")
                    .isZero();
        }
    }
}
