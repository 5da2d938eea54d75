package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.stock.inventory.StockEvent;
import io.farandole.shop.stock.inventory.StockEvent.PiecesReserved;
import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationCommand.TakeBackStock;
import io.farandole.shop.stock.reservation.ReservationEvent.OrderReserved;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import io.farandole.shop.stock.reservation.ReservationEvent.SaleReturned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationsTest {

    private static final String ID = "order-1";
    private static final TreeMap<String, Long> TWO_OF_A_ONE_OF_B = new TreeMap<>(Map.of("a", 2L, "b", 1L));
    private static final ReservationCommand RESERVE = new ReserveStock(ID, TWO_OF_A_ONE_OF_B);
    private static final ReservationCommand RELEASE = new ReleaseStock(ID);
    private static final ReservationCommand SELL = new SellStock(ID);
    private static final ReservationCommand TAKE_BACK = new TakeBackStock(ID, "return-1");

    private static final ReservationEvent RESERVED = new OrderReserved(ID, TWO_OF_A_ONE_OF_B);
    private static final ReservationEvent RELEASED = new ReservationReleased(ID);
    private static final ReservationEvent SOLD = new ReservationSold(ID);
    private static final ReservationEvent RETURNED = new SaleReturned(ID, "return-1");

    private final StockInMemory stock = new StockInMemory().with("a", 10).with("b", 10);

    @Test
    void reservesEveryLineInSortedOrder() {
        assertThat(stock.commands.<Boolean>sendAndWait(RESERVE)).isTrue();
        assertThat(stock.events()).endsWith(new PiecesReserved("a", ID, 2), new PiecesReserved("b", ID, 1), RESERVED);
    }

    @Test
    void rejectsWithoutTouchingWhatThereIsEnoughOf() {
        ReserveStock tooMuch = new ReserveStock(ID, new TreeMap<>(Map.of("a", 2L, "b", 11L)));
        assertThat(stock.commands.<Boolean>sendAndWait(tooMuch)).isFalse();
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "b", "insufficient-stock"));
        assertThat(stock.events()).noneMatch(PiecesReserved.class::isInstance);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void rejectsProductsThatNobodyKnows() {
        ReserveStock unknown = new ReserveStock(ID, new TreeMap<>(Map.of("a", 2L, "z", 1L)));
        assertThat(stock.commands.<Boolean>sendAndWait(unknown)).isFalse();
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "z", "unknown-product"));
        assertThat(stock.level("a")).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void rejectsWhatIsBeyondMeasure() {
        ReserveStock huge = new ReserveStock(ID, new TreeMap<>(Map.of("a", Long.MAX_VALUE)));
        assertThat(stock.commands.<Boolean>sendAndWait(huge)).isFalse();
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "a", "insufficient-stock"));
    }

    static Stream<Arguments> whatEachCommandDoesInEachState() {
        return Stream.of(
                row(List.of(), RELEASE, new StockLevel(10, 0, 0), RELEASED),
                row(List.of(), SELL, new StockLevel(10, 0, 0)),
                row(List.of(), TAKE_BACK, new StockLevel(10, 0, 0), RETURNED),
                row(List.of(RESERVE), RESERVE, new StockLevel(8, 2, 0)),
                row(List.of(RESERVE), RELEASE, new StockLevel(10, 0, 0), RELEASED),
                row(List.of(RESERVE), SELL, new StockLevel(8, 0, 2), SOLD),
                row(List.of(RESERVE), TAKE_BACK, new StockLevel(10, 0, 0), RETURNED),
                row(List.of(RESERVE, SELL), RESERVE, new StockLevel(8, 0, 2)),
                row(List.of(RESERVE, SELL), SELL, new StockLevel(8, 0, 2)),
                row(List.of(RESERVE, SELL), RELEASE, new StockLevel(10, 0, 0), RELEASED),
                row(List.of(RESERVE, SELL), TAKE_BACK, new StockLevel(10, 0, 0), RETURNED),
                row(List.of(RELEASE), RESERVE, new StockLevel(10, 0, 0)),
                row(List.of(RELEASE), SELL, new StockLevel(10, 0, 0)),
                row(List.of(RELEASE), RELEASE, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, RELEASE), RESERVE, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, RELEASE), SELL, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, RELEASE), RELEASE, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, RELEASE), TAKE_BACK, new StockLevel(10, 0, 0), RETURNED),
                row(List.of(RESERVE, SELL, RELEASE), RELEASE, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, SELL, TAKE_BACK), TAKE_BACK, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, SELL, TAKE_BACK), RELEASE, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, SELL, TAKE_BACK), SELL, new StockLevel(10, 0, 0)),
                row(List.of(RESERVE, TAKE_BACK), SELL, new StockLevel(10, 0, 0)));
    }

    @ParameterizedTest
    @MethodSource
    void whatEachCommandDoesInEachState(
            List<ReservationCommand> given,
            ReservationCommand command,
            StockLevel levelOfA,
            List<ReservationEvent> expected) {
        given.forEach(stock.commands::sendAndWait);
        int before = stock.reservationEvents().size();
        stock.commands.sendAndWait(command);
        List<ReservationEvent> all = stock.reservationEvents();
        assertThat(all.subList(before, all.size())).isEqualTo(expected);
        assertThat(stock.level("a")).isEqualTo(levelOfA);
    }

    @Test
    void aRejectedReservationStaysRejected() {
        stock.commands.sendAndWait(new ReserveStock(ID, new TreeMap<>(Map.of("a", 11L))));
        stock.with("a", 100);
        for (ReservationCommand late : List.of(RESERVE, SELL, RELEASE)) {
            stock.commands.sendAndWait(late);
        }
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "a", "insufficient-stock"));
    }

    @Test
    void aProductMayBeCalledLikeAnOrder() {
        stock.with(ID, 5);
        stock.commands.sendAndWait(new ReserveStock(ID, new TreeMap<>(Map.of(ID, 5L))));
        stock.commands.sendAndWait(SELL);
        assertThat(stock.level(ID)).isEqualTo(new StockLevel(0, 0, 5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theBooksBalanceWhateverIsAskedInWhateverOrder(long seed) {
        Random random = new Random(seed);
        long received = 20;
        for (int i = 0; i < 400; i++) {
            String order = "order-" + random.nextInt(30);
            TreeMap<String, Long> wanted = new TreeMap<>();
            wanted.put(random.nextBoolean() ? "a" : "b", 1L + random.nextInt(4));
            wanted.put(random.nextBoolean() ? "a" : "b", 1L + random.nextInt(4));
            List<ReservationCommand> commands = new ArrayList<>(List.of(
                    new ReserveStock(order, wanted),
                    new SellStock(order),
                    new ReleaseStock(order),
                    new TakeBackStock(order, order + "-return")));
            stock.commands.sendAndWait(commands.get(random.nextInt(commands.size())));
            StockLevel a = stock.level("a");
            StockLevel b = stock.level("b");
            assertThat(a.available() + a.reserved() + a.sold() + b.available() + b.reserved() + b.sold())
                    .isEqualTo(received);
        }
        assertThat(stock.events()).filteredOn(StockEvent.class::isInstance).isNotEmpty();
    }

    private static Arguments row(
            List<ReservationCommand> given,
            ReservationCommand command,
            StockLevel levelOfA,
            ReservationEvent... expected) {
        return Arguments.of(given, command, levelOfA, List.of(expected));
    }
}
