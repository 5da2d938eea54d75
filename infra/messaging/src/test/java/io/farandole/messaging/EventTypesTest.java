package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventTypesTest {

    record Placed(String orderId) {}

    record Shipped(String orderId) {}

    private final EventTypes types = EventTypes.builder()
            .event("order.order-placed", 1, Placed.class, Placed::orderId)
            .event("order.order-shipped", 2, Shipped.class)
            .build();

    @Test
    void mapsNamesToClassesAndBack() {
        assertThat(types.classOf(EventType.parse("order.order-placed.v1"))).contains(Placed.class);
        assertThat(types.typeOf(Shipped.class)).isEqualTo(new EventType("order.order-shipped", 2));
        assertThat(types.find(Placed.class)).contains(new EventType("order.order-placed", 1));
        assertThat(types.all())
                .extracting(EventType::name)
                .containsExactly("order.order-placed", "order.order-shipped");
    }

    @Test
    void knowsNothingElse() {
        assertThat(types.classOf(EventType.parse("order.order-placed.v2"))).isEmpty();
        assertThat(types.classOf(EventType.parse("java.lang-string.v1"))).isEmpty();
        assertThat(types.find(String.class)).isEmpty();
        assertThatThrownBy(() -> types.typeOf(String.class))
                .hasMessageContaining("java.lang.String is not a registered event")
                .hasMessageContaining("EventTypes.builder()");
    }

    @Test
    void asksTheEventForItsProcessKeyWhereOneIsRegistered() {
        assertThat(types.processKeyOf(new Placed("order-1"))).contains("order-1");
        assertThat(types.processKeyOf(new Shipped("order-1"))).isEmpty();
        assertThat(types.processKeyOf("unknown")).isEmpty();
    }

    @Test
    void refusesTwoClassesForANameAndTwoNamesForAClass() {
        EventTypes.Builder builder = EventTypes.builder().event("order.order-placed", 1, Placed.class);
        assertThatThrownBy(() -> builder.event("order.order-placed", 1, Shipped.class))
                .hasMessageContaining("a class has one name");
        assertThatThrownBy(() -> EventTypes.builder()
                        .event("order.order-placed", 1, Placed.class)
                        .event("order.order-created", 1, Placed.class))
                .hasMessageContaining("order.order-created.v1");
    }

    @Test
    void mergesWhatAgreesAndRefusesWhatDoesNot() {
        EventTypes more = EventTypes.builder()
                .event("order.order-placed", 1, Placed.class)
                .event("stock.stock-reserved", 1, String.class)
                .build();
        EventTypes merged = EventTypes.merge(List.of(types, more));
        assertThat(merged.all()).hasSize(3);
        assertThat(merged.processKeyOf(new Placed("order-1"))).contains("order-1");
        EventTypes other = EventTypes.builder()
                .event("order.order-placed", 1, Integer.class)
                .build();
        assertThatThrownBy(() -> EventTypes.merge(List.of(types, other))).isInstanceOf(IllegalArgumentException.class);
    }
}
