package io.farandole.shop.order.ordering;

import io.farandole.shop.order.publishing.OrderTypes;
import io.farandole.testkit.RecordedHistory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that really were: the order of today becomes by its events what that of then did. */
class RecordedOrderTest {

    @ParameterizedTest
    @ValueSource(strings = {"sale.jsonl", "declined.jsonl"})
    void anOrderBecomesWhatItWas(String name) {
        RecordedHistory.beside(RecordedOrderTest.class, "../fulfilment/" + name)
                .knowing(OrderTypes.all())
                .intoAggregate(Order.class);
    }
}
