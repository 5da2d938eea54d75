package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.EventType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {

    private final Rows rows = new Rows(3, 1);

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13, 14, 15, 100, 1_024, 262_144})
    void payloadHasTheBytesThatWereAskedFor(int bytes) {
        String payload = rows.payload(bytes);

        assertThat(payload.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
        assertThat(payload).matches("\\{\"text\":\"[A-Za-z0-9_-]*\"}");
    }

    @Test
    void payloadHardlyCompresses() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(rows.payload(16_384).getBytes(StandardCharsets.UTF_8));
        }

        // Six bits of a byte are random, and six of eight is what even the best coder leaves.
        assertThat(compressed.size()).isGreaterThan(16_384 * 3 / 4);
    }

    @Test
    void refusesPayloadsShorterThanTheirFrame() {
        assertThatIllegalArgumentException().isThrownBy(() -> rows.payload(10)).withMessageContaining("11 bytes");
    }

    @Test
    void keysTakeTurnsAndAggregatesDoNotRepeat() {
        EventType type = new EventType("bench.appended", 1);
        JournalEntry first = rows.next(type, 100);
        JournalEntry second = rows.next(type, 100);
        rows.next(type, 100);
        JournalEntry fourth = rows.next(type, 100);

        assertThat(fourth.processKey()).isEqualTo(first.processKey()).isNotEqualTo(second.processKey());
        assertThat(fourth.aggregateId()).isNotEqualTo(first.aggregateId());
        assertThat(fourth.eventId()).isNotEqualTo(first.eventId());
        assertThat(first.wireType()).isEqualTo(type);
    }
}
