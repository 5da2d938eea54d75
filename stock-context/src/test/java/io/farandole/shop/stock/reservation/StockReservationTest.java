package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.reservation.HoldCommand.ConfirmHold;
import io.farandole.shop.stock.reservation.HoldCommand.TryHold;
import io.farandole.shop.stock.reservation.ReservationEvent.DeliveryNoted;
import io.farandole.shop.stock.reservation.ReservationEvent.HoldEnded;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationHeld;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import io.farandole.shop.stock.reservation.ReservationEvent.SaleReturned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sagas with the stock behind them, in memory: what matters is where the goods are in the end. */
class StockReservationTest {

    private static final String ID = "order-1";
    private static final Money PRICE = new Money(990, "EUR");
    private static final List<OrderLine> LINES =
            List.of(new OrderLine("b", 1, PRICE), new OrderLine("a", 2, PRICE), new OrderLine("b", 3, PRICE));
    private static final Duration EXPIRY = Duration.ofMinutes(30);

    private static final Object PLACED = new OrderPlaced(ID, "c-1", LINES, PRICE);
    private static final DeliveryRequested DELIVERY =
            new DeliveryRequested(ID, Personal.PREFIX + "order.7f00:" + "A".repeat(40));
    private static final Object CONFIRMED = new OrderConfirmed(ID, PRICE);
    private static final Object CAPTURED = new PaymentCaptured(ID, PRICE);
    private static final Object CANCELLED = new OrderCancelled(ID, "declined");
    private static final Object RETURNED = new OrderReturned("return-1", ID, LINES, PRICE);

    private static final StockLevel ALL_THERE = new StockLevel(10, 0, 0);

    private final SagaTestFixture<StockReservation> reservation = new SagaTestFixture<>(StockReservation.class);
    private final SagaTestFixture<StockReturn> returning = new SagaTestFixture<>(StockReturn.class);
    private final StockInMemory stock = new StockInMemory().with("a", 10).with("b", 10);

    StockReservationTest() {
        reservation.registerResource(new GuardInMemory());
        reservation.registerResource(new ReservationSettings(EXPIRY));
        reservation.registerResource(new WaitingListSettings(10, EXPIRY));
        reservation.setCallbackBehavior((command, metaData) -> stock.commands.sendAndWait(command));
        returning.setCallbackBehavior((command, metaData) -> stock.commands.sendAndWait(command));
    }

    @Test
    void reservesTheSumsOfAnOrdersLines() {
        publish(PLACED);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 2, 0));
        assertThat(stock.level("b")).isEqualTo(new StockLevel(6, 4, 0));
        assertActive(1);
    }

    @Test
    void whatCannotBeReservedEndsAtOnce() {
        publish(new OrderPlaced(ID, "c-1", List.of(new OrderLine("a", 11, PRICE)), PRICE));
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "a", "insufficient-stock"));
        assertActive(0);
    }

    @Test
    void linesThatOverflowTogetherAreMoreThanThereIs() {
        publish(new OrderPlaced(
                ID,
                "c-1",
                List.of(new OrderLine("a", Long.MAX_VALUE, PRICE), new OrderLine("a", Long.MAX_VALUE, PRICE)),
                PRICE));
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected(ID, "a", "insufficient-stock"));
    }

    static Stream<List<Object>> salesInEveryOrder() {
        return permutations(List.of(PLACED, CONFIRMED, CAPTURED)).stream();
    }

    @ParameterizedTest
    @MethodSource("salesInEveryOrder")
    void sellsInEveryOrder(List<Object> arrivals) {
        arrivals.forEach(this::publish);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
        assertThat(stock.reservationEvents()).endsWith(new ReservationSold(ID));
        assertActive(0);
    }

    @ParameterizedTest
    @MethodSource("salesInEveryOrder")
    void sellsOnceWhateverComesTwice(List<Object> arrivals) {
        for (Object arrival : arrivals) {
            publish(arrival);
            publish(arrival);
        }
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
    }

    static Stream<List<Object>> cancellationsInEveryOrder() {
        return Stream.concat(
                permutations(List.of(PLACED, CANCELLED)).stream(),
                // A failed capture cancels what was confirmed.
                permutations(List.of(PLACED, CONFIRMED, CANCELLED)).stream());
    }

    @ParameterizedTest
    @MethodSource("cancellationsInEveryOrder")
    void letsGoInEveryOrderAndTellsSoOnce(List<Object> arrivals) {
        arrivals.forEach(this::publish);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertThat(stock.level("b")).isEqualTo(ALL_THERE);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
    }

    @ParameterizedTest
    @MethodSource("cancellationsInEveryOrder")
    void letsGoOnceWhateverComesTwice(List<Object> arrivals) {
        for (Object arrival : arrivals) {
            publish(arrival);
            publish(arrival);
        }
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
    }

    @Test
    void aReservationThatNobodyConfirmsExpires() {
        publish(PLACED);
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(EXPIRY.plusSeconds(1))
                .expectActiveSagas(0);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        publish(CANCELLED);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
    }

    @Test
    void whereTheGoodsGoIsNotedOnceAndStaysSealed() {
        publish(PLACED);
        publish(DELIVERY);
        publish(DELIVERY);
        publish(CONFIRMED);
        assertThat(stock.reservationEvents())
                .containsOnlyOnce(new DeliveryNoted(ID, Personal.parse(DELIVERY.deliverTo())))
                .endsWith(new ReservationSold(ID));
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
    }

    @Test
    void whereTheGoodsGoWaitsForItsOrder() {
        publish(DELIVERY);
        assertThat(stock.reservationEvents()).isEmpty();
        publish(PLACED);
        assertThat(stock.reservationEvents())
                .containsOnlyOnce(new DeliveryNoted(ID, Personal.parse(DELIVERY.deliverTo())));
    }

    @Test
    void whereNothingGoesIsNotNoted() {
        publish(CANCELLED);
        publish(PLACED);
        publish(DELIVERY);
        assertThat(stock.reservationEvents()).containsExactly(new ReservationReleased(ID));
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
    }

    @Test
    void whatHasExpiredIsNotSold() {
        publish(PLACED);
        reservation.givenNoPriorActivity().whenTimeElapses(EXPIRY.plusSeconds(1));
        publish(CONFIRMED);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
    }

    @Test
    void whatIsConfirmedDoesNotExpire() {
        publish(PLACED);
        publish(CONFIRMED);
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(EXPIRY.plusSeconds(1))
                .expectActiveSagas(1);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
    }

    @Test
    void whatACallerHoldsIsLetGoWhenNobodyConfirms() {
        stock.commands.sendAndWait(new TryHold(ID, new TreeMap<>(Map.of("a", 2L))));
        publish(new ReservationHeld(
                ID, new TreeMap<>(Map.of("a", 2L)), reservation.currentTime().plus(EXPIRY)));
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 2, 0));
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(EXPIRY.plusSeconds(1))
                .expectActiveSagas(0);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertThat(stock.reservationEvents()).endsWith(new HoldEnded(ID, HoldEnd.EXPIRED));
    }

    @Test
    void whatACallerHasConfirmedIsNotLetGoHoweverLateThisHearsOfIt() {
        stock.commands.sendAndWait(new TryHold(ID, new TreeMap<>(Map.of("a", 2L))));
        publish(new ReservationHeld(
                ID, new TreeMap<>(Map.of("a", 2L)), reservation.currentTime().plus(EXPIRY)));
        publish(CAPTURED);
        stock.commands.sendAndWait(new ConfirmHold(ID));
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(EXPIRY.plusSeconds(1))
                .expectActiveSagas(0);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
    }

    @Test
    void aCallersHoldIsOverWhenTheCallerSaysSo() {
        publish(new ReservationHeld(
                ID, new TreeMap<>(Map.of("a", 2L)), reservation.currentTime().plus(EXPIRY)));
        reservation
                .givenNoPriorActivity()
                .whenPublishingA(new HoldEnded(ID, HoldEnd.CANCELLED))
                .expectActiveSagas(0)
                .expectNoScheduledDeadlines();
    }

    static Stream<List<Object>> returnsInEveryOrder() {
        return permutations(List.of(PLACED, CONFIRMED, CAPTURED, RETURNED)).stream();
    }

    @ParameterizedTest
    @MethodSource("returnsInEveryOrder")
    void aReturnBringsTheGoodsBackInEveryOrder(List<Object> arrivals) {
        arrivals.forEach(this::publish);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertThat(stock.level("b")).isEqualTo(ALL_THERE);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new SaleReturned(ID, "return-1"));
    }

    private void publish(Object event) {
        if (event instanceof OrderReturned) {
            returning
                    .givenNoPriorActivity()
                    .whenPublishingA(event)
                    .expectSuccessfulHandlerExecution()
                    .expectActiveSagas(0);
        } else {
            reservation.givenNoPriorActivity().whenPublishingA(event).expectSuccessfulHandlerExecution();
        }
    }

    private void assertActive(int sagas) {
        reservation.givenNoPriorActivity().whenTimeElapses(Duration.ZERO).expectActiveSagas(sagas);
    }

    private static <T> List<List<T>> permutations(List<T> things) {
        if (things.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            List<T> others = new ArrayList<>(things);
            T first = others.remove(i);
            for (List<T> rest : permutations(others)) {
                all.add(Stream.concat(Stream.of(first), rest.stream()).toList());
            }
        }
        return all;
    }
}
