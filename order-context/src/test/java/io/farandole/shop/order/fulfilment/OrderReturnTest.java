package io.farandole.shop.order.fulfilment;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrderReturnTest {

    private static final Duration LIMIT = Duration.ofDays(14);
    private static final Money PRICE = new Money(990, "EUR");
    private static final Object RETURNED =
            new OrderReturned("order-1-return", "order-1", List.of(new Line("p-1", 1, PRICE)), PRICE, "why");
    private static final Object GOODS = new StockReturned("order-1-return", "order-1");
    private static final Object MONEY = new PaymentRefunded("order-1", "order-1-return", PRICE);

    private final SagaTestFixture<OrderReturn> fixture = new SagaTestFixture<>(OrderReturn.class);

    @BeforeEach
    void settings() {
        fixture.registerResource(new FulfilmentSettings(Duration.ofMinutes(5), LIMIT));
    }

    @Test
    void isWatchedForAsLongAgainWhenItsTimeLimitPasses() {
        fixture.givenAPublished(RETURNED)
                .whenTimeElapses(LIMIT)
                .expectActiveSagas(1)
                .expectNoDispatchedCommands()
                .expectScheduledDeadlineWithName(LIMIT, OrderReturn.TIME_LIMIT);
    }

    static Stream<List<Object>> everyOrder() {
        return Orderings.of(List.of(GOODS, MONEY)).stream();
    }

    @ParameterizedTest
    @MethodSource("everyOrder")
    void isCompleteWhenGoodsAndMoneyAreBackInAnyOrder(List<Object> arrivals) {
        fixture.givenAPublished(RETURNED)
                .andThenAPublished(arrivals.get(0))
                .whenPublishingA(arrivals.get(1))
                .expectDispatchedCommands(new CompleteReturn("order-1"))
                .expectActiveSagas(1);
    }

    @ParameterizedTest
    @MethodSource("everyOrder")
    void waitsForBoth(List<Object> arrivals) {
        fixture.givenAPublished(RETURNED)
                .andThenAPublished(arrivals.get(0))
                .whenPublishingA(arrivals.get(0))
                .expectNoDispatchedCommands()
                .expectActiveSagas(1);
    }

    @Test
    void endsWhenTheOrderSaysSo() {
        fixture.givenAPublished(RETURNED)
                .whenPublishingA(new ReturnCompleted("order-1-return", "order-1"))
                .expectActiveSagas(0)
                .expectNoScheduledDeadlines();
    }

    @Test
    void theRefundOfACancelledOrderIsNotThisProcess() {
        fixture.givenAPublished(RETURNED)
                .andThenAPublished(GOODS)
                .whenPublishingA(new PaymentRefunded("order-1", null, PRICE))
                .expectNoDispatchedCommands();
    }
}
