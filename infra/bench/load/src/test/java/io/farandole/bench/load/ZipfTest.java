package io.farandole.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipfTest {

    @Test
    void sharesFollowTheLaw() {
        Zipf zipf = new Zipf(10_000, 1.1);

        assertThat(zipf.share(0) / zipf.share(1)).isCloseTo(Math.pow(2, 1.1), within(1e-9));
        assertThat(zipf.share(0) / zipf.share(9)).isCloseTo(Math.pow(10, 1.1), within(1e-9));
        // The sum over all products: zeta(1.1) = 10.58445, less the integral of its tail, 10 * 10000^-0.1.
        assertThat(zipf.share(0)).isCloseTo(1 / (10.58445 - 3.98107), within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "10, 1.1", "10000, 1.1"})
    void productsAreDrawnAsOftenAsTheirShares(int products, double exponent) {
        Zipf zipf = new Zipf(products, exponent);
        int orders = 100_000;
        int[] drawn = new int[products];
        for (int number = 0; number < orders; number++) {
            drawn[(int) zipf.product(number)]++;
        }

        for (int product = 0; product < 10; product++) {
            assertThat((double) drawn[product] / orders).isCloseTo(zipf.share(product), within(0.005));
        }
    }

    @Test
    void orderWantsTheSameWheneverItIsAsked() {
        assertThat(new Zipf(1_000, 1.1).product(4_711)).isEqualTo(new Zipf(1_000, 1.1).product(4_711));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(0, 1)).withMessageContaining("one product");
        assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(1, -1)).withMessageContaining("negative");
    }
}
