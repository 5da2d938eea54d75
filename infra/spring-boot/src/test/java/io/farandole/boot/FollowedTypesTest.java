package io.farandole.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.eventstore.JsonUpcaster;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.Test;

class FollowedTypesTest {

    private static final EventType PLACED = new EventType("order.order-placed", 1);
    private static final EventType RESERVED = new EventType("stock.stock-reserved", 1);

    private static final EventTypes TYPES = EventTypes.builder()
            .event("order.order-placed", 1, OrderPlaced.class)
            .event("stock.stock-reserved", 1, StockReserved.class)
            .build();

    record OrderPlaced(String orderId) {}

    record StockReserved(String orderId) {}

    static class Reservation {
        @StartSaga
        @SagaEventHandler(associationProperty = "orderId")
        void on(OrderPlaced event) {}

        @SagaEventHandler(associationProperty = "orderId")
        void on(StockReserved event) {}
    }

    static class Projection {
        @EventHandler
        void on(OrderPlaced event) {}
    }

    @Test
    void followsWhatSagasAndHandlersHandleOfOthers() {
        assertThat(FollowedTypes.of(List.of(Reservation.class), TYPES, "stock")).containsExactly(PLACED);
        assertThat(FollowedTypes.of(List.of(Projection.class), TYPES, "stock")).containsExactly(PLACED);
        assertThat(FollowedTypes.of(List.of(Projection.class), TYPES, "order")).isEmpty();
    }

    /** As Spring gives one to handlers of events and commands. */
    interface Bean {}

    static class WithABean {
        @EventHandler
        void on(OrderPlaced event, Bean bean) {}
    }

    @Test
    void handlersMayBeGivenBeans() {
        assertThat(FollowedTypes.of(List.of(WithABean.class), TYPES, "stock")).containsExactly(PLACED);
    }

    @Test
    void followsOlderVersionsThatAreReadAsTheOneItHandles() {
        EventType placed3 = new EventType("order.order-placed", 3);
        EventType placed2 = new EventType("order.order-placed", 2);
        EventType taken = new EventType("order.order-taken", 1);
        List<JsonUpcaster> upcasters = List.of(
                JsonUpcaster.between(taken, placed2, fields -> {}),
                JsonUpcaster.of("order.order-placed", 2, fields -> {}),
                JsonUpcaster.of("order.order-cancelled", 1, fields -> {}),
                JsonUpcaster.of("stock.stock-reserved", 1, fields -> {}));
        assertThat(FollowedTypes.withOlder(Set.of(placed3), upcasters, "stock"))
                .containsExactlyInAnyOrder(placed3, placed2, taken);
        // Its own older events are in its journal; nobody sends them.
        assertThat(FollowedTypes.withOlder(Set.of(new EventType("stock.stock-reserved", 2)), upcasters, "stock"))
                .containsExactly(new EventType("stock.stock-reserved", 2));
    }

    @Test
    void acceptsHandlersThatAreDeclared() {
        Followers declared = Followers.builder().add(PLACED, List.of("stock")).build();

        assertThatCode(() -> FollowedTypes.verify(Set.of(PLACED), declared, "stock"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAHandlerThatIsNotDeclared() {
        assertThatThrownBy(() ->
                        FollowedTypes.verify(Set.of(PLACED), Followers.builder().build(), "stock"))
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("order.order-placed.v1")
                .hasMessageContaining("Add 'stock' to the followers");
    }

    @Test
    void refusesADeclarationWithoutAHandler() {
        Followers declared =
                Followers.builder().add(RESERVED, List.of("payment")).build();

        assertThatThrownBy(() -> FollowedTypes.verify(Set.of(), declared, "payment"))
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("stock.stock-reserved.v1")
                .hasMessageContaining("no saga or event handler");
    }
}
