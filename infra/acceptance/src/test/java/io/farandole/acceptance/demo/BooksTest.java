package io.farandole.acceptance.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.demo.DemoOrder.Customer;
import io.farandole.acceptance.demo.DemoOrder.Line;
import io.farandole.acceptance.demo.Shop.LedgerState;
import io.farandole.acceptance.demo.Shop.PaymentState;
import io.farandole.acceptance.demo.Shop.ProductState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BooksTest {

    private static final PaymentState CAPTURED =
            new PaymentState("CAPTURED", new BigDecimal("20.00"), new BigDecimal("0.00"));
    private static final LedgerState HELD = new LedgerState(2000, 2000, 0, false);
    private static final ProductState SOLD = new ProductState(8, 0, 2);

    @Test
    void balanceWhenMoneyAndStockAddUp() {
        assertThat(books("CONFIRMED", CAPTURED, HELD, SOLD).discrepancies()).isEmpty();
        assertThat(books("CONFIRMED", CAPTURED, HELD, SOLD).turnover()).isEqualByComparingTo("20.00");
        assertThat(books("CANCELLED", PaymentState.NONE, LedgerState.NONE, new ProductState(10, 0, 0))
                        .discrepancies())
                .isEmpty();
        assertThat(books(
                                "RETURNED",
                                new PaymentState("REFUNDED", new BigDecimal("20.00"), new BigDecimal("20.00")),
                                new LedgerState(2000, 2000, 2000, false),
                                new ProductState(10, 0, 0))
                        .discrepancies())
                .isEmpty();
    }

    @Test
    void tellAConfirmedOrderThatWasNotCharged() {
        assertThat(books("CONFIRMED", PaymentState.NONE, LedgerState.NONE, SOLD).discrepancies())
                .hasSize(2)
                .allSatisfy(sentence -> assertThat(sentence).contains("20.00 is due"));
    }

    @Test
    void tellADoubledCharge() {
        assertThat(books("CONFIRMED", CAPTURED, new LedgerState(2000, 4000, 0, false), SOLD)
                        .discrepancies())
                .singleElement()
                .asString()
                .contains("the provider kept 40.00");
    }

    @Test
    void tellAnAuthorisationThatHangs() {
        assertThat(books("CANCELLED", PaymentState.NONE, new LedgerState(2000, 0, 0, true), new ProductState(10, 0, 0))
                        .discrepancies())
                .singleElement()
                .asString()
                .contains("still holds an authorisation");
    }

    @Test
    void tellLostAndReservedAndDoublySoldGoods() {
        assertThat(books("CONFIRMED", CAPTURED, HELD, new ProductState(7, 0, 2)).discrepancies())
                .hasSize(1);
        assertThat(books("CONFIRMED", CAPTURED, HELD, new ProductState(7, 1, 2)).discrepancies())
                .hasSize(1);
        assertThat(books("CONFIRMED", CAPTURED, HELD, new ProductState(6, 0, 4)).discrepancies())
                .hasSize(1);
    }

    private static Books books(String status, PaymentState payment, LedgerState ledger, ProductState product) {
        DemoOrder order = new DemoOrder(
                "an order", "tok_ok", Customer.WAITS, status, "", List.of(new Line("p", 2, new BigDecimal("10.00"))));
        return new Books(
                List.of(new Outcome(order, "o-1", status, "", Duration.ZERO, "")),
                Map.of("o-1", payment),
                Map.of("o-1", ledger),
                Map.of("p", 10L),
                Map.of("p", product));
    }
}
