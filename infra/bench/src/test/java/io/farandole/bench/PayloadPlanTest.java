package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadPlanTest {

    private static final EventType TYPE = new EventType("bench.appended", 1);

    @ParameterizedTest
    @CsvSource({"100, 1000, 64", "1024, 1000, 64", "65536, 100, 16", "262144, 25, 4", "9000000, 1, 1"})
    void isBoundedByEventsAndByBytes(int payloadBytes, int events, int batch) {
        assertThat(new PayloadPlan(1_000, 100 * 65_536).events(payloadBytes)).isEqualTo(events);
        assertThat(PayloadPlan.batch(payloadBytes)).isEqualTo(batch);
    }

    @Test
    void lastBatchHoldsTheRest() {
        List<List<JournalEntry>> batches = new PayloadPlan(150, 1 << 20).batches(new Rows(7, 1), TYPE, 100);

        assertThat(batches).extracting(List::size).containsExactly(64, 64, 22);
        assertThat(batches.stream().flatMap(List::stream).map(JournalEntry::eventId))
                .doesNotHaveDuplicates();
    }
}
