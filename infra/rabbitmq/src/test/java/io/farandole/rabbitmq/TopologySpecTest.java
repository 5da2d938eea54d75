package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopologySpecTest {

    @Test
    void takesAContextsPartOfTheDeclaration() {
        TopologySpec stock = Events.spec("stock");
        assertThat(stock.follows()).containsExactly(Events.CANCELLED, Events.PLACED);
        assertThat(stock.publishes()).isEqualTo(Map.of(Events.RESERVED, Set.of("order", "payment")));
        assertThat(Events.spec("order").followersOf(Events.ARCHIVED)).isEmpty();
        assertThat(Events.spec("order").followersOf(Events.CANCELLED)).containsExactly("payment", "stock");
        assertThat(Events.spec("newcomer").follows()).isEmpty();
    }

    @Test
    void namesWhatIsOnTheBroker() {
        TopologySpec stock = Events.spec("stock");
        assertThat(stock.exchange()).isEqualTo("stock.events");
        assertThat(stock.inbox()).isEqualTo("stock.inbox");
        assertThat(stock.deadLetters()).isEqualTo("stock.inbox.dlq");
        assertThat(stock.parking()).isEqualTo("stock.parking");
        assertThat(stock.unhandled()).isEqualTo("stock.unhandled");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new TopologySpec("Order Context", Set.of(), Map.of()))
                .hasMessageContaining("name");
        assertThatThrownBy(() -> new TopologySpec("order", Set.of(Events.PLACED), Map.of()))
                .hasMessageContaining("cannot follow its own");
        assertThatThrownBy(() -> new TopologySpec("stock", Set.of(), Map.of(Events.PLACED, Set.of())))
                .hasMessageContaining("another context's");
    }
}
