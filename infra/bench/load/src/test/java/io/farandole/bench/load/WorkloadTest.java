package io.farandole.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {

    private final Workload workload = new Workload(300);

    @Test
    void customersAndProductsGoRound() {
        assertThat(workload.order(1_305)).isEqualTo(new OrderSpec(1_305, "c-305", "p-105", false));
        assertThat(workload.order(1_204).declined()).isTrue();
        assertThat(workload.pieces()).isEqualTo(300_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "3, 1", "99, 7", "50, 50", "4, 297", "0, 0"})
    void declinedAreCountedAsTheOrdersSay(long first, long orders) {
        long counted = LongStream.range(first, first + orders)
                .filter(number -> workload.order(number).declined())
                .count();
        assertThat(workload.declined(first, orders)).isEqualTo(counted);
    }

    @Test
    void demandDecidesOverTheProduct() {
        Workload hot = workload.wanting(Demand.only(7)).declining(0);

        assertThat(hot.order(1_204)).isEqualTo(new OrderSpec(1_204, "c-204", "p-7", false));
        assertThat(hot.declined(0, 1_000)).isZero();
        assertThat(hot).isNotEqualTo(workload);
        assertThat(new Workload(300)).isEqualTo(workload);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload.declining(101))
                .withMessageContaining("0 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> new Workload(0)).withMessageContaining("one item");
        assertThatIllegalArgumentException().isThrownBy(() -> workload.order(-1));
    }
}
