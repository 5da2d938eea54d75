package io.farandole.shop.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.recording.DamagedRecordingException;
import io.farandole.audit.recording.ProcessRecording;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.shop.order.publishing.OrderTypes;
import io.farandole.testkit.RecordedHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that really were placed, declined and returned once: the sagas of today do with them what those of then did. */
class RecordedHistoryTest {

    static final FulfilmentSettings SETTINGS = new FulfilmentSettings(Duration.ofMinutes(5), Duration.ofDays(14));

    private static RecordedHistory history(String name) {
        return RecordedHistory.beside(RecordedHistoryTest.class, name).knowing(OrderTypes.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sale.jsonl", "declined.jsonl"})
    void anOrderIsFulfilledOrCancelledAsItWas(String name) {
        history(name).intoSaga(SagaVersion.of(OrderFulfilment.class).resource(SETTINGS));
    }

    @Test
    void aReturnIsCompletedAsItWas() {
        history("return.jsonl").intoSaga(SagaVersion.of(OrderReturn.class).resource(SETTINGS));
    }

    @Test
    void aSagaThatDoesOtherwiseIsToldWhereAndWhat() {
        assertThatThrownBy(() -> history("declined.jsonl")
                        .intoSaga(
                                SagaVersion.of(OrderFulfilmentOfTomorrow.class).name("OrderFulfilment")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at payment.payment-declined.v1:\n- send CancelOrder {")
                .hasMessageContaining("+ schedule deadline second-chance \"PT24H\"");
    }

    @Test
    void aSagaThatWasNotRecordedIsNamed() {
        assertThatThrownBy(() -> history("sale.jsonl")
                        .intoSaga(SagaVersion.of(OrderReturn.class).resource(SETTINGS)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing of a saga OrderReturn; it has [OrderFulfilment]");
    }

    @Test
    void eventsThatAreNotKnownAreNamed() {
        assertThatThrownBy(() -> RecordedHistory.beside(RecordedHistoryTest.class, "sale.jsonl")
                        .intoSaga(SagaVersion.of(OrderFulfilment.class).resource(SETTINGS)))
                .hasMessageContaining("order.placed.v1, which is not known: name its EventTypes");
    }

    @Test
    void aRecordingThatIsNotWholeIsRefused() {
        List<String> lines = new ArrayList<>(history("sale.jsonl").recording().lines());
        assertThat(ProcessRecording.parse(lines))
                .isEqualTo(history("sale.jsonl").recording());
        assertThatThrownBy(() -> ProcessRecording.parse(lines.subList(0, lines.size() - 1)))
                .isInstanceOf(DamagedRecordingException.class)
                .hasMessageContaining("not whole");
        assertThatThrownBy(() -> ProcessRecording.parse(List.of("once upon a time")))
                .isInstanceOf(DamagedRecordingException.class)
                .hasMessageContaining("no recording");
        assertThatThrownBy(() -> ProcessRecording.parse(List.of())).isInstanceOf(DamagedRecordingException.class);
        List<String> newer = new ArrayList<>(lines);
        newer.set(0, lines.get(0).replace("\"version\":1", "\"version\":2"));
        assertThatThrownBy(() -> ProcessRecording.parse(newer))
                .isInstanceOf(DamagedRecordingException.class)
                .hasMessageContaining("version 2");
        List<String> damaged = new ArrayList<>(lines);
        damaged.set(1, lines.get(1).substring(0, 40));
        assertThatThrownBy(() -> ProcessRecording.parse(damaged))
                .isInstanceOf(DamagedRecordingException.class)
                .hasMessageContaining("Line 2");
    }
}
