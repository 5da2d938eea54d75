package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthTest {

    @Test
    void copiesUntilTheSizeIsReached() {
        assertThat(JournalGrowth.copies(155, 10_000, 155)).isEqualTo(64);
        assertThat(JournalGrowth.copies(10_000, 10_000, 155)).isZero();
        assertThat(JournalGrowth.copies(12_000, 10_000, 155)).isZero();
    }

    @Test
    void loadsHalfOfWhatIsPossibleAndNotTooMuch() {
        assertThat(OpenSagas.rate(60)).isEqualTo(30);
        assertThat(OpenSagas.rate(1_000)).isEqualTo(100);
        assertThat(OpenSagas.rate(0.5)).isEqualTo(1);
    }

    @Test
    void missesNoDeadlineThatIsLostDoubledOrStrange() {
        assertThat(DueDeadlines.faults(List.of("a", "b"), List.of("b", "a"))).isEmpty();
        assertThat(DueDeadlines.faults(List.of("a", "b"), List.of("a"))).containsExactly("1 deadlines were lost");
        assertThat(DueDeadlines.faults(List.of("a"), List.of("a", "a"))).containsExactly("1 deadlines passed twice");
        assertThat(DueDeadlines.faults(List.of("a"), List.of("a", "c")))
                .containsExactly("1 deadlines passed that nobody scheduled");
    }

    @Test
    void keepsTheBooksOfSomeOrdersOnFullShelves() {
        Map<String, Long> events = Map.of("order.placed", 20L, "order.confirmed", 19L, "order.cancelled", 1L);
        Map<String, Long> amounts = Map.of(
                "stock.pieces-reserved", 20L,
                "stock.pieces-released", 1L,
                "stock.pieces-sold", 19L,
                "payment.charge-authorized", 19 * 990L,
                "payment.charge-captured", 19 * 990L);
        Workload workload = new Workload(3);
        Books books = BooksOfARun.books(
                workload.pieces(), type -> events.getOrDefault(type, 0L), type -> amounts.getOrDefault(type, 0L));
        assertThat(books.faults()).isEmpty();
        assertThat(books.available()).isEqualTo(workload.pieces() - 19);
    }
}
