package io.farandole.shop.stock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.farandole.shop.stock.inventory.StockEvent.GoodsReceived;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReleased;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReserved;
import io.farandole.shop.stock.inventory.StockEvent.PiecesSold;
import io.farandole.shop.stock.inventory.StockEvent.PiecesTakenBack;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StockItemTest {

    private final FixtureConfiguration<StockItem> fixture = new AggregateTestFixture<>(StockItem.class);

    @Test
    void theFirstReceiptMakesAProductKnown() {
        fixture.givenNoPriorActivity()
                .when(new ReceiveGoods("p-1", 100))
                .expectEvents(new GoodsReceived("p-1", 100))
                .expectResultMessagePayload(new StockLevel(100, 0, 0));
    }

    @Test
    void laterReceiptsAddUp() {
        fixture.given(new GoodsReceived("p-1", 100), new PiecesReserved("p-1", "o", 40), new PiecesSold("p-1", "o", 30))
                .when(new ReceiveGoods("p-1", 5))
                .expectEvents(new GoodsReceived("p-1", 5))
                .expectResultMessagePayload(new StockLevel(65, 10, 30));
    }

    @Test
    void moreThanCanBeKeptIsNotReceived() {
        fixture.given(new GoodsReceived("p-1", StockLevel.MOST), new PiecesReserved("p-1", "o", 10))
                .when(new ReceiveGoods("p-1", 1))
                .expectSuccessfulHandlerExecution()
                .expectNoEvents();
    }

    @Test
    void aReceiptBeyondALongIsNotReceived() {
        fixture.given(new GoodsReceived("p-1", 1))
                .when(new ReceiveGoods("p-1", Long.MAX_VALUE))
                .expectSuccessfulHandlerExecution()
                .expectNoEvents();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aReceiptOfNothingIsNone(long quantity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReceiveGoods("p-1", quantity));
    }

    @Test
    void everyMovementKeepsTheSum() {
        StockLevel level = StockLevel.NONE.after(new GoodsReceived("p", 10));
        level = level.after(new PiecesReserved("p", "o", 4));
        assertThat(level).isEqualTo(new StockLevel(6, 4, 0));
        level = level.after(new PiecesReleased("p", "o", 1));
        assertThat(level).isEqualTo(new StockLevel(7, 3, 0));
        level = level.after(new PiecesSold("p", "o", 3));
        assertThat(level).isEqualTo(new StockLevel(7, 0, 3));
        level = level.after(new PiecesTakenBack("p", "o", 3));
        assertThat(level).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void eventsThatDoNotAddUpAreADefect() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StockLevel.NONE.after(new PiecesReserved("p", "o", 1)))
                .withMessageContaining("never negative");
    }
}
