package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SagaCommandTest {

    private final RecordingService order = new RecordingService();
    private final Typed typed = new Typed(order);

    @AfterEach
    void closes() {
        order.close();
    }

    @Test
    void showsWhateverTheStatusHolds() {
        typed.environment.put("FARANDOLE_ORDER_URL", order.url());
        order.answer(
                "GET /saga/status",
                200,
                "{\"orderId\":\"o 1\",\"sagas\":[{\"context\":\"stock\",\"saga\":\"Reservation\",\"awaits\":[\"a\",\"b\"],"
                        + "\"steps\":[{\"step\":\"reserve\",\"status\":\"SUCCEEDED\",\"attempt\":1,\"error\":null,\"updatedAt\":\"2026-11-22T10:00:00.123456Z\"},"
                        + "{\"step\":\"confirm\",\"status\":\"PENDING\",\"overdue\":true}]}],\"unreachable\":[\"payment\"]}");
        assertThat(typed.run("saga", "status", "o 1")).isZero();
        assertThat(order.last().query()).isEqualTo("order_id=o+1");
        assertThat(order.last().authorization()).isNull();
        assertThat(typed.out().lines().map(String::stripTrailing))
                .containsExactly(
                        "  orderId: o 1",
                        "  unreachable: payment",
                        "",
                        "sagas",
                        "CONTEXT  SAGA         AWAITS",
                        "stock    Reservation  a, b",
                        "",
                        "stock steps",
                        "STEP     STATUS     ATTEMPT  UPDATED AT            OVERDUE",
                        "reserve  SUCCEEDED  1        2026-11-22T10:00:00Z",
                        "confirm  PENDING                                   true",
                        "");
        assertThat(typed.run("saga", "status", "o 1", "--format=json")).isZero();
        assertThat(typed.out()).contains("\"overdue\" : true");
    }
}
