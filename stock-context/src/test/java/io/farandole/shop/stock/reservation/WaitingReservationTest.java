package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingBegan;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingServed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.Test;

/** The saga of an order that waits, with the stock behind it, in memory. */
class WaitingReservationTest {

    private static final String ID = "order-1";
    private static final Money PRICE = new Money(990, "EUR");
    private static final Duration EXPIRY = Duration.ofMinutes(30);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(20);

    private static final Object PLACED =
            new OrderPlaced(ID, "c-1", List.of(new OrderLine("a", 2, PRICE), new OrderLine("b", 4, PRICE)), PRICE);
    private static final Object CONFIRMED = new OrderConfirmed(ID, PRICE);
    private static final Object CAPTURED = new PaymentCaptured(ID, PRICE);
    private static final Object CANCELLED = new OrderCancelled(ID, "declined");

    private static final StockLevel ALL_THERE = new StockLevel(10, 0, 0);

    private final SagaTestFixture<StockReservation> reservation = new SagaTestFixture<>(StockReservation.class);
    private final StockInMemory stock = new StockInMemory().with("a", 10).with("b", 10);

    WaitingReservationTest() {
        reservation.registerResource(new GuardInMemory());
        reservation.registerResource(new ReservationSettings(EXPIRY));
        reservation.registerResource(new WaitingListSettings(10, LONGEST_WAIT));
        reservation.setCallbackBehavior((command, metaData) -> stock.commands.sendAndWait(command));
    }

    @Test
    void anOrderThatAcceptsToWaitIsServedWhenItsTurnComesAndThenIsLikeAnyOther() {
        aWaitingOrder();
        assertThat(stock.reservationEvents()).endsWith(began(Duration.ofMinutes(10)));
        stock.commands.sendAndWait(new ReleaseStock("other"));
        stock.takeTurns();
        publishWhatStockSays();
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 2, 0));
        // The time to wait is over, that of a reservation is not.
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(Duration.ofMinutes(11))
                .expectActiveSagas(1);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 2, 0));
        publish(CONFIRMED);
        publish(CAPTURED);
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 0, 2));
        assertActive(0);
    }

    @Test
    void whatIsServedExpiresIfNobodyConfirmsIt() {
        aWaitingOrder();
        stock.commands.sendAndWait(new ReleaseStock("other"));
        stock.takeTurns();
        publishWhatStockSays();
        reservation
                .givenNoPriorActivity()
                .whenTimeElapses(EXPIRY.plusSeconds(1))
                .expectActiveSagas(0);
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
    }

    @Test
    void whoWaitsTooLongIsRefusedAndTold() {
        aWaitingOrder();
        reservation.givenNoPriorActivity().whenTimeElapses(Duration.ofMinutes(10));
        assertThat(stock.reservationEvents()).endsWith(new WaitingRefused(ID, "a", "waited-too-long"));
        publishWhatStockSays();
        assertActive(0);
        assertThat(stock.waiting()).isZero();
    }

    @Test
    void nobodyWaitsLongerThanStockAllows() {
        heldByAnother();
        publish(new WaitingAccepted(ID, Duration.ofDays(30).toSeconds()));
        publish(PLACED);
        assertThat(stock.reservationEvents()).endsWith(began(LONGEST_WAIT));
    }

    @Test
    void whoIsServedAtTheMomentInWhichItsTimeIsOverStaysServed() {
        aWaitingOrder();
        stock.commands.sendAndWait(new ReleaseStock("other"));
        stock.takeTurns();
        // The saga has not heard of it yet.
        reservation.givenNoPriorActivity().whenTimeElapses(Duration.ofMinutes(10));
        publishWhatStockSays();
        assertThat(stock.level("a")).isEqualTo(new StockLevel(8, 2, 0));
        assertThat(stock.reservationEvents()).noneMatch(WaitingRefused.class::isInstance);
        assertActive(1);
    }

    @Test
    void aCancelledOrderLeavesTheQueueAndTellsSoOnce() {
        aWaitingOrder();
        publish(CANCELLED);
        publish(CANCELLED);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
        assertThat(stock.waiting()).isZero();
        stock.commands.sendAndWait(new ReleaseStock("other"));
        stock.takeTurns();
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertActive(0);
    }

    @Test
    void anOrderThatIsCancelledWhileItsTurnComesHoldsNothing() {
        aWaitingOrder();
        stock.commands.sendAndWait(new ReleaseStock("other"));
        stock.takeTurns();
        publish(CANCELLED);
        publishWhatStockSays();
        assertThat(stock.level("a")).isEqualTo(ALL_THERE);
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
        assertActive(0);
    }

    @Test
    void whatIsPlacedTwiceWaitsOnce() {
        aWaitingOrder();
        publish(new WaitingAccepted(ID, 600));
        publish(PLACED);
        assertThat(stock.waiting()).isEqualTo(2);
    }

    @Test
    void anOrderThatIsCancelledBeforeItComesDoesNotWait() {
        heldByAnother();
        publish(CANCELLED);
        publish(new WaitingAccepted(ID, 600));
        publish(PLACED);
        assertThat(stock.waiting()).isZero();
        assertThat(stock.reservationEvents()).containsOnlyOnce(new ReservationReleased(ID));
    }

    private void heldByAnother() {
        stock.commands.sendAndWait(new ReserveStock("other", new TreeMap<>(Map.of("a", 9L))));
    }

    /** Nine of ten are another's. */
    private void aWaitingOrder() {
        heldByAnother();
        publish(new WaitingAccepted(ID, 600));
        publish(PLACED);
    }

    /** The events of the order's reservation, as the journal hands them on to its saga. */
    private void publishWhatStockSays() {
        stock.reservationEvents().stream()
                .filter(event -> event.orderId().equals(ID)
                        && (event instanceof WaitingServed || event instanceof WaitingRefused))
                .forEach(this::publish);
    }

    private WaitingBegan began(Duration wait) {
        return new WaitingBegan(
                ID,
                "a",
                new TreeMap<>(Map.of("a", 2L, "b", 4L)),
                reservation.currentTime().plus(wait));
    }

    private void publish(Object event) {
        reservation.givenNoPriorActivity().whenPublishingA(event).expectSuccessfulHandlerExecution();
    }

    private void assertActive(int sagas) {
        reservation.givenNoPriorActivity().whenTimeElapses(Duration.ZERO).expectActiveSagas(sagas);
    }
}
