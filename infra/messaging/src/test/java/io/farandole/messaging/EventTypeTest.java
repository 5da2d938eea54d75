package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {

    @Test
    void isOneStringOnTheWire() {
        EventType type = new EventType("order.order-placed", 1);
        assertThat(type.wireType()).isEqualTo("order.order-placed.v1").hasToString(type.toString());
        assertThat(type.context()).isEqualTo("order");
        assertThat(EventType.parse("order.order-placed.v1")).isEqualTo(type);
        assertThat(EventType.parse("order.order-placed.v9999").version()).isEqualTo(9999);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "order",
                "order.order-placed",
                "order.order-placed.v0",
                "order.order-placed.v01",
                "order.order-placed.v10000",
                "order.order-placed.1",
                "order..v1",
                ".order-placed.v1",
                "Order.order-placed.v1",
                "order.OrderPlaced.v1",
                "order.order-placed.extra.v1",
                "order.order-placed.v1 ",
                "order.order-placed.v1\n",
                "java.lang.Runtime.v1",
                "order.#.v1"
            })
    void refusesWhatIsNoWireType(String text) {
        assertThatThrownBy(() -> EventType.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesThatDoNotFitIntoARoutingKey() {
        String longName = "order." + "x".repeat(195);
        assertThatThrownBy(() -> new EventType(longName, 1)).hasMessageContaining("<context>.<kebab-event>");
        assertThatThrownBy(() -> new EventType("order.order-placed", 0)).hasMessageContaining("1 to 9999");
    }
}
