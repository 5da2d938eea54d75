package io.farandole.shop.order.ordering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Personal;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.EndWaiting;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.NoteWaiting;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.shop.order.ordering.OrderCommand.SettleOrder;
import io.farandole.shop.order.ordering.OrderCommand.WithdrawOrder;
import io.farandole.shop.order.ordering.OrderEvent.OrderCancelled;
import io.farandole.shop.order.ordering.OrderEvent.OrderConfirmed;
import io.farandole.shop.order.ordering.OrderEvent.OrderFulfilled;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.OrderSettled;
import io.farandole.shop.order.ordering.OrderEvent.PaymentRequested;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import io.farandole.shop.order.ordering.OrderEvent.ReturnRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OrderTest {

    private static final String ID = "order-1";
    private static final String RETURN = "order-1-return";
    private static final List<Line> LINES = List.of(
            new Line("p-1", 2, new Money(990, "EUR")),
            new Line("p-2", 1, new Money(1, "EUR")),
            new Line("p-1", 1, new Money(990, "EUR")));
    private static final Money TOTAL = new Money(2971, "EUR");

    private static final OrderEvent PLACED = new OrderPlaced(ID, "c-1", LINES, TOTAL);
    private static final OrderEvent REQUESTED = new PaymentRequested(ID, TOTAL, "tok_ok");
    private static final OrderEvent CONFIRMED = new OrderConfirmed(ID, TOTAL);
    private static final OrderEvent RETURN_REQUESTED = new ReturnRequested(ID);
    private static final OrderEvent FULFILLED = new OrderFulfilled(ID);
    private static final OrderEvent RETURNED = new OrderReturned(RETURN, ID, LINES, TOTAL, Reasons.CUSTOMER);
    private static final OrderEvent BACK = new ReturnCompleted(RETURN, ID);
    private static final OrderEvent SETTLED = new OrderSettled(ID);

    private static final List<OrderEvent> PENDING = List.of(PLACED, REQUESTED);
    private static final List<OrderEvent> CONFIRMED_ORDER = and(PENDING, CONFIRMED);
    private static final List<OrderEvent> WITHDRAWN_ORDER = and(CONFIRMED_ORDER, RETURN_REQUESTED);
    private static final List<OrderEvent> FULFILLED_ORDER = and(CONFIRMED_ORDER, FULFILLED);
    private static final List<OrderEvent> CANCELLED_ORDER = and(PENDING, cancelled("declined"));
    private static final List<OrderEvent> SETTLED_ORDER = and(CANCELLED_ORDER, SETTLED);
    private static final List<OrderEvent> RETURNED_ORDER = and(FULFILLED_ORDER, RETURNED);
    private static final List<OrderEvent> BACK_ORDER = and(RETURNED_ORDER, BACK);

    private final FixtureConfiguration<Order> fixture = new AggregateTestFixture<>(Order.class);

    @Test
    void whereItGoesIsAnEventOfItsOwnAndStaysSealed() {
        Personal sealed = Personal.parse(Personal.PREFIX + "order.7f00:" + "A".repeat(40));
        PlaceOrder command = new PlaceOrder(ID, "c-1", "tok_ok", LINES, sealed);
        assertThat(OrderDecisions.place(command)).hasSize(3).endsWith(new OrderEvent.DeliveryRequested(ID, sealed));
        assertThat(OrderDecisions.place(new PlaceOrder(ID, "c-1", "tok_ok", LINES)))
                .hasSize(2);
    }

    @Test
    void thatAnOrderWouldWaitStandsBeforeIt() {
        Duration tenMinutes = Duration.ofMinutes(10);
        fixture.givenNoPriorActivity()
                .when(new PlaceOrder(ID, "c-1", "tok_ok", LINES, null, tenMinutes))
                .expectEvents(new OrderEvent.WaitingAccepted(ID, 600), PLACED, REQUESTED);
        for (Duration impossible : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofDays(31))) {
            assertThatThrownBy(() -> new PlaceOrder(ID, "c-1", "tok_ok", LINES, null, impossible))
                    .hasMessageContaining("waits from PT1S to PT720H");
        }
    }

    @Test
    void aPendingOrderWaitsOnceAndNotAfterItsEnd() {
        Instant until = Instant.parse("2026-11-22T12:10:00Z");
        OrderEvent noted = new OrderEvent.WaitingNoted(ID, until);
        OrderEvent ended = new OrderEvent.WaitingEnded(ID);
        given(PENDING).when(new NoteWaiting(ID, until)).expectEvents(noted);
        given(and(PENDING, noted)).when(new NoteWaiting(ID, until)).expectNoEvents();
        given(and(PENDING, noted)).when(new EndWaiting(ID)).expectEvents(ended);
        given(PENDING).when(new EndWaiting(ID)).expectNoEvents();
        given(and(and(PENDING, noted), ended)).when(new EndWaiting(ID)).expectNoEvents();
        given(CANCELLED_ORDER).when(new NoteWaiting(ID, until)).expectNoEvents();
        given(and(and(PENDING, noted), cancelled("sold-out")))
                .when(new EndWaiting(ID))
                .expectNoEvents();
    }

    private TestExecutor<Order> given(List<OrderEvent> history) {
        return new AggregateTestFixture<>(Order.class).given(history);
    }

    @Test
    void placingTakesTheOrderAndAsksForItsPaymentApart() {
        fixture.givenNoPriorActivity()
                .when(new PlaceOrder(ID, "c-1", "tok_ok", LINES))
                .expectEvents(PLACED, REQUESTED);
    }

    @Test
    void secretsStayOutOfTexts() {
        assertThat(new PlaceOrder(ID, "c-1", "tok_secret", LINES).toString()).doesNotContain("tok_secret");
        assertThat(new PaymentRequested(ID, TOTAL, "tok_secret").toString()).doesNotContain("tok_secret");
    }

    @Test
    void anOrderInTwoCurrenciesOrBeyondMeasureIsNoOrder() {
        List<Line> mixed = List.of(new Line("p", 1, new Money(1, "EUR")), new Line("p", 1, new Money(1, "USD")));
        assertThatThrownBy(() -> OrderDecisions.place(new PlaceOrder(ID, "c", "t", mixed)))
                .isInstanceOf(IllegalArgumentException.class);
        List<Line> huge = List.of(new Line("p", Long.MAX_VALUE, new Money(2, "EUR")));
        assertThatThrownBy(() -> OrderDecisions.place(new PlaceOrder(ID, "c", "t", huge)))
                .isInstanceOf(ArithmeticException.class);
    }

    static Stream<Arguments> whatEachCommandDoesInEachPhase() {
        return Stream.of(
                // confirm: a pending order only
                row(PENDING, new ConfirmOrder(ID), CONFIRMED),
                row(CONFIRMED_ORDER, new ConfirmOrder(ID)),
                row(FULFILLED_ORDER, new ConfirmOrder(ID)),
                row(CANCELLED_ORDER, new ConfirmOrder(ID)),
                row(RETURNED_ORDER, new ConfirmOrder(ID)),
                // cancel: a pending order only
                row(PENDING, new CancelOrder(ID, "time-limit"), cancelled("time-limit")),
                row(CONFIRMED_ORDER, new CancelOrder(ID, "time-limit")),
                row(FULFILLED_ORDER, new CancelOrder(ID, "time-limit")),
                row(CANCELLED_ORDER, new CancelOrder(ID, "time-limit")),
                row(SETTLED_ORDER, new CancelOrder(ID, "time-limit")),
                row(RETURNED_ORDER, new CancelOrder(ID, "time-limit")),
                // revoke: whatever was promised
                row(PENDING, new RevokeOrder(ID, "reservation-lost"), cancelled("reservation-lost")),
                row(CONFIRMED_ORDER, new RevokeOrder(ID, "capture-failed"), cancelled("capture-failed")),
                row(WITHDRAWN_ORDER, new RevokeOrder(ID, "capture-failed"), cancelled("capture-failed")),
                row(
                        FULFILLED_ORDER,
                        new RevokeOrder(ID, "reservation-lost"),
                        new OrderReturned(RETURN, ID, LINES, TOTAL, "reservation-lost")),
                row(CANCELLED_ORDER, new RevokeOrder(ID, "reservation-lost")),
                row(RETURNED_ORDER, new RevokeOrder(ID, "reservation-lost")),
                // withdraw: cancel before the sale, return after it
                row(PENDING, new WithdrawOrder(ID), cancelled(Reasons.CUSTOMER)),
                row(CONFIRMED_ORDER, new WithdrawOrder(ID), RETURN_REQUESTED),
                row(WITHDRAWN_ORDER, new WithdrawOrder(ID)),
                row(FULFILLED_ORDER, new WithdrawOrder(ID), RETURNED),
                row(CANCELLED_ORDER, new WithdrawOrder(ID)),
                row(RETURNED_ORDER, new WithdrawOrder(ID)),
                row(BACK_ORDER, new WithdrawOrder(ID)),
                // fulfil: a confirmed order only; what the customer wanted back goes back now
                row(PENDING, new FulfilOrder(ID)),
                row(CONFIRMED_ORDER, new FulfilOrder(ID), FULFILLED),
                row(WITHDRAWN_ORDER, new FulfilOrder(ID), FULFILLED, RETURNED),
                row(FULFILLED_ORDER, new FulfilOrder(ID)),
                row(CANCELLED_ORDER, new FulfilOrder(ID)),
                row(RETURNED_ORDER, new FulfilOrder(ID)),
                // settle: a cancelled order, once
                row(PENDING, new SettleOrder(ID)),
                row(FULFILLED_ORDER, new SettleOrder(ID)),
                row(CANCELLED_ORDER, new SettleOrder(ID), SETTLED),
                row(SETTLED_ORDER, new SettleOrder(ID)),
                row(RETURNED_ORDER, new SettleOrder(ID)),
                // complete the return: a returned order, once
                row(PENDING, new CompleteReturn(ID)),
                row(CANCELLED_ORDER, new CompleteReturn(ID)),
                row(RETURNED_ORDER, new CompleteReturn(ID), BACK),
                row(BACK_ORDER, new CompleteReturn(ID)));
    }

    @ParameterizedTest
    @MethodSource
    void whatEachCommandDoesInEachPhase(List<OrderEvent> given, OrderCommand command, List<OrderEvent> expected) {
        fixture.given(given).when(command).expectSuccessfulHandlerExecution().expectEvents(expected.toArray());
    }

    @ParameterizedTest
    @MethodSource("whatEachCommandDoesInEachPhase")
    void whatComesTwiceChangesNothing(List<OrderEvent> given, OrderCommand command, List<OrderEvent> first) {
        List<OrderEvent> after = new ArrayList<>(given);
        after.addAll(first);
        fixture.given(after).when(command).expectSuccessfulHandlerExecution().expectNoEvents();
    }

    @Test
    void withdrawingTellsWhereTheOrderStandsThen() {
        fixture.given(PENDING).when(new WithdrawOrder(ID)).expectResultMessagePayload(OrderPhase.CANCELLED);
        new AggregateTestFixture<>(Order.class)
                .given(CONFIRMED_ORDER)
                .when(new WithdrawOrder(ID))
                .expectResultMessagePayload(OrderPhase.CONFIRMED);
        new AggregateTestFixture<>(Order.class)
                .given(FULFILLED_ORDER)
                .when(new WithdrawOrder(ID))
                .expectResultMessagePayload(OrderPhase.RETURNED);
    }

    private static OrderEvent cancelled(String reason) {
        return new OrderCancelled(ID, reason);
    }

    private static List<OrderEvent> and(List<OrderEvent> events, OrderEvent more) {
        List<OrderEvent> all = new ArrayList<>(events);
        all.add(more);
        return List.copyOf(all);
    }

    private static Arguments row(List<OrderEvent> given, OrderCommand command, OrderEvent... expected) {
        return Arguments.of(given, command, List.of(expected));
    }
}
