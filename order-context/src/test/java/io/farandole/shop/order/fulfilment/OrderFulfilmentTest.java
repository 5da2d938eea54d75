package io.farandole.shop.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderCommand.WithdrawOrder;
import io.farandole.shop.order.ordering.OrderEvent;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.WaitingEnded;
import io.farandole.shop.order.ordering.OrderEvent.WaitingNoted;
import io.farandole.shop.order.ordering.OrderInMemory;
import io.farandole.shop.order.ordering.OrderPhase;
import io.farandole.shop.order.ordering.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The saga with its order in memory: what it commands is decided, and the order's own events come back to it, before or
 * after the next foreign event.
 */
class OrderFulfilmentTest {

    private static final String ID = "order-1";
    private static final Money PRICE = new Money(990, "EUR");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration WAIT = Duration.ofHours(1);
    private static final Instant UNTIL = Instant.parse("2126-01-01T00:00:00Z");
    private static final Object AWAITED = new StockAwaited(ID, UNTIL);
    private static final Object RESERVED = new StockReserved(ID);
    private static final Object REJECTED = new StockReservationRejected(ID, "p-1", "insufficient-stock");
    private static final Object RELEASED = new StockReleased(ID);
    private static final Object AUTHORIZED = new PaymentAuthorized(ID, PRICE);
    private static final Object DECLINED = new PaymentDeclined(ID, "declined");
    private static final Object CAPTURED = new PaymentCaptured(ID, PRICE);
    private static final Object CAPTURE_FAILED = new PaymentCaptureFailed(ID, "expired");
    private static final Object VOIDED = new PaymentVoided(ID);
    private static final Object REFUNDED = new PaymentRefunded(ID, null, PRICE);
    private static final Object WITHDRAWN = new WithdrawOrder(ID);
    private static final Object TIME_PASSES = LIMIT.plusSeconds(1);

    private final SagaTestFixture<OrderFulfilment> fixture = new SagaTestFixture<>(OrderFulfilment.class);
    private final OrderInMemory order = new OrderInMemory();
    private final Deque<OrderEvent> journal = new ArrayDeque<>();

    @Test
    void placingSchedulesTheTimeLimit() {
        start();
        fixture.givenNoPriorActivity();
        assertThat(order.phase()).isEqualTo(OrderPhase.PENDING);
        play(List.of(LIMIT.minusSeconds(1)), false);
        assertThat(order.phase()).isEqualTo(OrderPhase.PENDING);
        play(List.of(Duration.ofSeconds(2)), false);
        assertThat(order.events()).contains(new OrderCancelled(ID, Reasons.TIME_LIMIT));
    }

    @Test
    void whileAnOrderWaitsItsTimeLimitDoesAndThenBeginsAnew() {
        start();
        Instant until = fixture.currentTime().plus(WAIT);
        play(List.of(new StockAwaited(ID, until), LIMIT.multipliedBy(2)), false);
        assertThat(order.events()).endsWith(new WaitingNoted(ID, until));
        play(List.of(RESERVED, LIMIT.minusSeconds(1)), false);
        assertThat(order.events()).endsWith(new WaitingEnded(ID));
        play(List.of(Duration.ofSeconds(2)), false);
        assertThat(order.events()).contains(new OrderCancelled(ID, Reasons.TIME_LIMIT));
    }

    @Test
    void anOrderOfWhichStockSaysNoMoreIsCancelledAtTheEndOfItsWaitAndItsTimeLimit() {
        start();
        StockAwaited awaited = new StockAwaited(ID, fixture.currentTime().plus(WAIT));
        play(List.of(awaited, WAIT.plus(LIMIT).minusSeconds(1)), false);
        assertThat(order.phase()).isEqualTo(OrderPhase.PENDING);
        play(List.of(Duration.ofSeconds(2)), false);
        assertThat(order.events()).endsWith(new OrderCancelled(ID, Reasons.TIME_LIMIT));
    }

    static Stream<List<Object>> waitsInEveryOrder() {
        List<List<Object>> all = new ArrayList<>();
        // It waits in vain; the customer withdraws at any moment.
        all.addAll(withOneMoreAnywhere(WITHDRAWN, Orderings.merges(List.of(AWAITED, REJECTED), List.of(VOIDED))));
        all.addAll(withOneMoreAnywhere(WITHDRAWN, Orderings.merges(List.of(AWAITED, RELEASED), List.of(VOIDED))));
        // It is served, and its payment declined.
        all.addAll(Orderings.merges(List.of(AWAITED, RESERVED, RELEASED), List.of(DECLINED)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("waitsInEveryOrder")
    void anOrderThatWaitsIsCancelledAndSettledInEveryOrder(List<Object> arrivals) {
        bothWays(arrivals, OrderPhase.CANCELLED, Set.of());
    }

    static Stream<List<Object>> lateSalesInEveryOrder() {
        return Orderings.merges(List.of(AWAITED, RESERVED), List.of(AUTHORIZED, CAPTURED)).stream();
    }

    @ParameterizedTest
    @MethodSource("lateSalesInEveryOrder")
    void anOrderThatWaitedIsConfirmedAndCapturedInEveryOrder(List<Object> arrivals) {
        bothWays(arrivals, OrderPhase.FULFILLED, Set.of());
    }

    static Stream<List<Object>> salesInEveryOrder() {
        // The order confirms, so payment captures: captured is always after authorised. Stock's word can come at any
        // time.
        return Orderings.merges(List.of(RESERVED), List.of(AUTHORIZED, CAPTURED)).stream();
    }

    @ParameterizedTest
    @MethodSource("salesInEveryOrder")
    void isConfirmedAndCapturedInEveryOrder(List<Object> arrivals) {
        bothWays(arrivals, OrderPhase.FULFILLED, Set.of());
    }

    static Stream<List<Object>> cancellationsInEveryOrder() {
        List<List<Object>> all = new ArrayList<>();
        // Stock refuses; payment, told of the cancellation, gives up, and may be faster with us.
        all.addAll(Orderings.of(List.of(REJECTED, VOIDED)));
        // Payment declines; stock releases.
        all.addAll(Orderings.merges(List.of(RESERVED, RELEASED), List.of(DECLINED)));
        // The customer withdraws at any moment; payment is authorised and voided, or voided at once.
        all.addAll(withOneMoreAnywhere(WITHDRAWN, Orderings.merges(List.of(RESERVED, RELEASED), List.of(VOIDED))));
        // The reservation expires before the payment is authorised.
        all.addAll(withOneMoreAnywhere(WITHDRAWN, Orderings.merges(List.of(RESERVED, RELEASED), List.of(DECLINED))));
        // The customer withdraws, and stock or payment had refused already.
        all.addAll(withOneMoreAnywhere(WITHDRAWN, Orderings.of(List.of(REJECTED, VOIDED))));
        // The time limit passes at any moment.
        all.addAll(withOneMoreAnywhere(TIME_PASSES, Orderings.merges(List.of(RESERVED, RELEASED), List.of(DECLINED))));
        all.addAll(withOneMoreAnywhere(TIME_PASSES, Orderings.of(List.of(REJECTED, VOIDED))));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("cancellationsInEveryOrder")
    void isCancelledAndSettledInEveryOrder(List<Object> arrivals) {
        bothWays(arrivals, OrderPhase.CANCELLED, Set.of());
    }

    @ParameterizedTest
    @MethodSource("cancellationsInEveryOrder")
    void duplicatesOfEverythingChangeNothing(List<Object> arrivals) {
        List<Object> doubled = new ArrayList<>();
        for (Object arrival : arrivals) {
            doubled.add(arrival);
            doubled.add(arrival);
        }
        bothWays(doubled, OrderPhase.CANCELLED, Set.of());
    }

    static Stream<List<Object>> failedCapturesInEveryOrder() {
        return Orderings.merges(List.of(RESERVED, RELEASED), List.of(AUTHORIZED, CAPTURE_FAILED, VOIDED)).stream()
                // The release is stock's answer to the cancellation, which follows from the failed capture.
                .filter(arrivals -> arrivals.indexOf(RELEASED) > arrivals.indexOf(CAPTURE_FAILED));
    }

    @ParameterizedTest
    @MethodSource("failedCapturesInEveryOrder")
    void aFailedCaptureCancelsWhatWasConfirmed(List<Object> arrivals) {
        bothWays(arrivals, OrderPhase.CANCELLED, Set.of(new OrderCancelled(ID, Reasons.CAPTURE_FAILED)));
    }

    @Test
    void theTimeLimitLosesAgainstAnEarlierAuthorisation() {
        bothWays(List.of(RESERVED, AUTHORIZED, TIME_PASSES, CAPTURED), OrderPhase.FULFILLED, Set.of());
    }

    @Test
    void theTimeLimitRunsUntilTheEndAndCancelsNothingThatIsConfirmed() {
        bothWays(
                List.of(RESERVED, AUTHORIZED, TIME_PASSES, TIME_PASSES, TIME_PASSES, CAPTURED),
                OrderPhase.FULFILLED,
                Set.of());
    }

    @Test
    void aConfirmedOrderIsWatchedForTwiceAsLongEachTime() {
        start();
        play(List.of(RESERVED, AUTHORIZED), true);
        fixture.givenNoPriorActivity()
                .whenTimeElapses(LIMIT.multipliedBy(1 + 2 + 4))
                .expectActiveSagas(1)
                .expectNoDispatchedCommands()
                .expectTriggeredDeadlinesWithName(
                        OrderFulfilment.TIME_LIMIT, OrderFulfilment.TIME_LIMIT, OrderFulfilment.TIME_LIMIT);
    }

    @Test
    void theTimeLimitWinsAgainstALaterAuthorisation() {
        bothWays(
                List.of(RESERVED, TIME_PASSES, AUTHORIZED, RELEASED, VOIDED),
                OrderPhase.CANCELLED,
                Set.of(new OrderCancelled(ID, Reasons.TIME_LIMIT)));
    }

    @Test
    void aReservationThatComesAfterTheCancellationChangesNothing() {
        bothWays(List.of(WITHDRAWN, VOIDED, RESERVED, RELEASED), OrderPhase.CANCELLED, Set.of());
    }

    @Test
    void aCancelledOrderWhosePaymentWasTakenIsSettledByItsRefund() {
        start();
        play(List.of(RESERVED, AUTHORIZED), true);
        journal.addAll(order.handle(new OrderCommand.RevokeOrder(ID, Reasons.RESERVATION_LOST)));
        play(List.of(CAPTURED, RELEASED, REFUNDED), true);
        assertThat(order.phase()).isEqualTo(OrderPhase.CANCELLED);
        assertThat(order.closed()).isTrue();
        expectEnded();
    }

    @Test
    void withdrawingAConfirmedOrderWaitsForItsCapture() {
        start();
        play(List.of(RESERVED, AUTHORIZED, WITHDRAWN), true);
        assertThat(order.phase()).isEqualTo(OrderPhase.CONFIRMED);
        play(List.of(CAPTURED), true);
        assertThat(order.phase()).isEqualTo(OrderPhase.RETURNED);
        expectEnded();
    }

    @Test
    void aReturnsRefundIsNotThisProcess() {
        start();
        play(List.of(WITHDRAWN, RELEASED, new PaymentRefunded(ID, "order-1-return", PRICE)), true);
        assertThat(order.closed()).isFalse();
        fixture.givenNoPriorActivity();
    }

    /** With the order's own events coming back before the next arrival, and with all of them after the last one. */
    private void bothWays(List<Object> arrivals, OrderPhase end, Set<OrderEvent> expected) {
        start();
        play(arrivals, true);
        check(end, expected);
        new OrderFulfilmentTest().late(arrivals, end, expected);
    }

    private void late(List<Object> arrivals, OrderPhase end, Set<OrderEvent> expected) {
        start();
        play(arrivals, false);
        ownEventsComeBack();
        check(end, expected);
    }

    private void check(OrderPhase end, Set<OrderEvent> expected) {
        assertThat(order.phase()).isEqualTo(end);
        assertThat(order.closed()).isEqualTo(end == OrderPhase.CANCELLED);
        assertThat(order.events()).containsAll(expected).doesNotHaveDuplicates();
        assertThat(order.events().stream().filter(OrderCancelled.class::isInstance))
                .hasSizeLessThan(2);
        expectEnded();
    }

    private void expectEnded() {
        fixture.givenNoPriorActivity().whenTimeElapses(Duration.ofDays(1)).expectActiveSagas(0);
        assertThat(journal).isEmpty();
    }

    private void start() {
        fixture.registerResource(new FulfilmentSettings(LIMIT, LIMIT));
        fixture.setCallbackBehavior((command, metaData) -> {
            journal.addAll(order.handle((OrderCommand) command));
            return null;
        });
        List<OrderEvent> placed = order.handle(new PlaceOrder(ID, "c-1", "tok_ok", List.of(new Line("p-1", 1, PRICE))));
        publish(placed.get(0));
    }

    private void play(List<Object> arrivals, boolean ownEventsAtOnce) {
        for (Object arrival : arrivals) {
            if (arrival instanceof Duration passed) {
                fixture.givenNoPriorActivity().whenTimeElapses(passed);
            } else if (arrival instanceof OrderCommand command) {
                journal.addAll(order.handle(command));
            } else {
                publish(arrival);
            }
            if (ownEventsAtOnce) {
                ownEventsComeBack();
            }
        }
    }

    private void ownEventsComeBack() {
        while (!journal.isEmpty()) {
            publish(journal.remove());
        }
    }

    private void publish(Object event) {
        fixture.givenNoPriorActivity().whenPublishingA(event).expectSuccessfulHandlerExecution();
    }

    private static List<List<Object>> withOneMoreAnywhere(Object more, List<List<Object>> sequences) {
        List<List<Object>> all = new ArrayList<>();
        for (List<Object> sequence : sequences) {
            for (int at = 0; at <= sequence.size(); at++) {
                List<Object> longer = new ArrayList<>(sequence);
                longer.add(at, more);
                all.add(longer);
            }
        }
        return all;
    }
}
