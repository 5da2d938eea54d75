package io.farandole.shop.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.recording.ProcessRecorder;
import io.farandole.audit.recording.ProcessRecording;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.boot.audit.DeployedSagas;
import io.farandole.shop.order.PlayedShop;
import io.farandole.shop.order.publishing.OrderTypes;
import io.farandole.testkit.RecordedHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records processes that have really happened; what is recorded here is what {@link RecordedHistoryTest} was given once. */
class RecordedHistoryIT {

    private static final Path RECORDINGS = Path.of("target", "recordings");

    private static PlayedShop shop;

    @BeforeAll
    static void play() {
        shop = new PlayedShop(Map.of());
        shop.play(4, 1);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static ProcessRecording record(String key) {
        DeployedSagas sagas = shop.bean(DeployedSagas.class);
        List<SagaVersion<?>> versions =
                sagas.names().stream().<SagaVersion<?>>map(sagas::version).toList();
        return shop.bean(ProcessRecorder.class).record(key, versions).orElseThrow();
    }

    @Test
    void whatIsRecordedIsWhatTheSagasDo() throws IOException {
        Files.createDirectories(RECORDINGS);
        Map<String, String> recorded = Map.of(
                "declined.jsonl",
                shop.declined().get(0),
                "sale.jsonl",
                "order-1-0",
                "return.jsonl",
                shop.returns().get(0));
        for (Map.Entry<String, String> each : recorded.entrySet()) {
            Path file = RECORDINGS.resolve(each.getKey());
            ProcessRecording recording = record(each.getValue());
            recording.write(file);
            assertThat(ProcessRecording.read(file).lines()).isEqualTo(recording.lines());
            RecordedHistory history = RecordedHistory.read(file).knowing(OrderTypes.all());
            Class<?> saga = each.getKey().equals("return.jsonl") ? OrderReturn.class : OrderFulfilment.class;
            history.intoSaga(SagaVersion.of(saga).resource(RecordedHistoryTest.SETTINGS));
        }
        try (var files = Files.list(RECORDINGS)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrderElementsOf(recorded.keySet());
        }
    }

    @Test
    void thereIsNothingToRecordOfWhatNeverWas() {
        assertThat(shop.bean(ProcessRecorder.class).record("nobody", List.of())).isEmpty();
    }
}
