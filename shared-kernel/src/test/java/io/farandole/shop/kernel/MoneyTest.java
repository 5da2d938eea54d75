package io.farandole.shop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "9.90, EUR, 990",
        "9.9, EUR, 990",
        "9, EUR, 900",
        "0.01, USD, 1",
        "1E+2, EUR, 10000",
        "-0.05, EUR, -5",
        "100, JPY, 100",
        "1.234, KWD, 1234",
        "0.1000, EUR, 10",
        "92233720368547758.07, EUR, 9223372036854775807"
    })
    void readsDecimalsExactly(String amount, String currency, long minor) {
        assertThat(Money.of(new BigDecimal(amount), currency)).isEqualTo(new Money(minor, currency));
    }

    @ParameterizedTest
    @CsvSource({
        "9.999, EUR",
        "0.5, JPY",
        "92233720368547758.08, EUR",
        "1E+30, EUR",
        "1E+2147483647, EUR",
        "1E-2147483647, EUR",
        "1, XXX",
        "1, XAU",
        "1, eur",
        "1, EURO",
        "1, ''"
    })
    void refusesWhatIsNotExactNotMoneyOrBeyondMeasure(String amount, String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.of(new BigDecimal(amount), currency));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XXX", "eur", "", "EURO"})
    void refusesUnknownCurrencies(String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, currency));
        assertThatIllegalArgumentException().isThrownBy(() -> Money.zero(currency));
    }

    @Test
    void writesWhatItReads() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            for (String currency : new String[] {"EUR", "JPY", "KWD"}) {
                Money money = new Money(random.nextLong(), currency);
                assertThat(Money.of(money.amount(), currency)).isEqualTo(money);
            }
        }
        assertThat(new Money(990, "EUR").amount()).isEqualTo("9.90");
    }

    @Test
    void calculatesWithinACurrencyOnly() {
        Money ten = new Money(1000, "EUR");
        assertThat(ten.plus(new Money(1, "EUR"))).isEqualTo(new Money(1001, "EUR"));
        assertThat(ten.minus(new Money(1001, "EUR"))).isEqualTo(new Money(-1, "EUR"));
        assertThat(ten.times(3)).isEqualTo(new Money(3000, "EUR"));
        assertThatIllegalArgumentException().isThrownBy(() -> ten.plus(new Money(1, "USD")));
        assertThatIllegalArgumentException().isThrownBy(() -> ten.minus(new Money(1, "USD")));
    }

    @Test
    void overflowIsAnErrorNeverAnotherAmount() {
        Money most = new Money(Long.MAX_VALUE, "EUR");
        assertThatThrownBy(() -> most.plus(new Money(1, "EUR"))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Money(Long.MIN_VALUE, "EUR").minus(new Money(1, "EUR")))
                .isInstanceOf(ArithmeticException.class);
    }
}
